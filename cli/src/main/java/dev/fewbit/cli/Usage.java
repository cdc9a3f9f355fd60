package dev.fewbit.cli;

import dev.fewbit.cli.terminal.Page;
import dev.fewbit.cli.terminal.Style;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Help, and what is said about command lines that make no sense. */
public final class Usage {

    private static final int WIDEST = 100;

    private Usage() {}

    /** Prints the help of a command on standard output. */
    public static void print(CommandLine command, Console console) {
        boolean shown = console.terminal().output();
        int columns = shown ? Math.min(WIDEST, console.terminal().columns()) : WIDEST;
        boolean colours = shown && console.terminal().colours();
        HelpText.print(command.getCommandSpec(), new Page(console.document(), columns, colours));
    }

    /** Says what is wrong with a command line, and where the right one is described. */
    static void complain(String message, CommandSpec command, Console console) {
        console.fail(message);
        Page talk = console.talk();
        talk.line("  Try " + talk.paint(Style.COMMAND, command.qualifiedName() + " --help"));
    }

    /** What is wrong, with the nearest thing that would be right. */
    static String wording(ParameterException mistake) {
        if (mistake instanceof UnmatchedArgumentException unmatched) {
            return wording(unmatched, mistake.getCommandLine());
        }
        return decapitalized(String.valueOf(mistake.getMessage()));
    }

    private static String wording(UnmatchedArgumentException unmatched, CommandLine command) {
        String given = unmatched.getUnmatched().getFirst();
        boolean atTop = command.getParent() == null;
        if (given.startsWith("-") && given.length() > 1) {
            List<String> known = List.copyOf(command.getCommandSpec().optionsMap().keySet());
            return "unknown option '" + given + "'" + nearest(given, known);
        }
        if (!atTop) {
            return "unexpected argument '" + given + "'" + placeOf(command);
        }
        String hint = nearest(given, List.copyOf(command.getSubcommands().keySet()));
        if (hint.isEmpty() && Files.exists(Path.of(given))) {
            hint = ". To see what is in that file: fewbit inspect " + given;
        }
        return "unknown command '" + given + "'" + hint;
    }

    private static String placeOf(CommandLine command) {
        return command.getCommandSpec().optionsMap().containsKey("--output")
                ? "; the file to write comes after -o"
                : "";
    }

    private static String nearest(String given, List<String> known) {
        return Nearest.to(given, known).map(name -> "; did you mean " + name + "?").orElse("");
    }

    private static String decapitalized(String text) {
        return text.isEmpty() ? text : Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }
}
