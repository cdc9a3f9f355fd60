package dev.fewbit.cli;

import dev.fewbit.cli.command.Arguments;
import dev.fewbit.cli.command.Subcommand;
import dev.fewbit.cli.command.Subcommands;
import dev.fewbit.cli.command.UsageException;
import dev.fewbit.cli.logging.ToolLogger;
import dev.fewbit.cli.terminal.Terminal;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

import java.io.FileDescriptor;
import java.io.PrintStream;
import java.lang.System.Logger.Level;

/** The entry point of the command line tool. */
public final class Main {

    private Main() {}

    /** Runs the tool and ends the process with its exit code. */
    public static void main(String[] args) {
        StandardStream out = new StandardStream(FileDescriptor.out, false);
        StandardStream err = new StandardStream(FileDescriptor.err, true);
        Terminal terminal =
                Terminal.detect(System::getProperty, System::getenv, Main::isInteractive);
        int code = run(args, out.printer(), err.printer(), terminal);
        System.exit(out.checked(code, err.printer()));
    }

    // It may be null: JDK 25 went back to the console that is there only for people.
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isInteractive() {
        java.io.Console console = System.console();
        return console != null && console.isTerminal();
    }

    /**
     * Runs the tool in this process.
     *
     * @param out standard output
     * @param err standard error
     * @param terminal what these two lead to
     * @return the exit code, see {@link ExitCode}
     */
    public static int run(String[] args, PrintStream out, PrintStream err, Terminal terminal) {
        boolean json = isGiven("--json", args);
        boolean verbose = isGiven("--verbose", args);
        try (Console console = new Console(out, err, terminal, json, verbose);
                Interruption interruption = Interruption.watch(console)) {
            ToolLogger.direct(verbose ? Level.DEBUG : Level.WARNING, console::warn);
            return run(args, console, interruption);
        }
    }

    /** Before {@code --}, which ends the options; wherever it stands, even behind a mistake. */
    private static boolean isGiven(String flag, String[] args) {
        for (String arg : args) {
            if (arg.equals(flag)) {
                return true;
            }
            if (arg.equals("--")) {
                return false;
            }
        }
        return false;
    }

    private static int run(String[] args, Console console, Interruption interruption) {
        CommandLine tool = Subcommands.tool(firstWord(args));
        try {
            ParseResult parsed = tool.parseArgs(args);
            ParseResult deepest = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
            if (deepest.isUsageHelpRequested()
                    || (!parsed.hasSubcommand() && !parsed.isVersionHelpRequested())) {
                Usage.print(Subcommands.complete(tool, deepest), console);
                return ExitCode.DONE;
            }
            if (parsed.isVersionHelpRequested()) {
                console.document().println("fewbit " + Subcommands.version());
                return ExitCode.DONE;
            }
            Subcommand command = (Subcommand) deepest.commandSpec().userObject();
            return command.run(new Arguments(deepest), console);
        } catch (ParameterException e) {
            Usage.complain(Usage.wording(e), e.getCommandLine().getCommandSpec(), console);
            console.trace(e);
            return ExitCode.USAGE;
        } catch (UsageException e) {
            Usage.complain(
                    String.valueOf(e.getMessage()),
                    Subcommands.spec(tool, firstWord(args)),
                    console);
            console.trace(e);
            return ExitCode.USAGE;
        } catch (Exception | OutOfMemoryError | StackOverflowError | LinkageError e) {
            interruption.stopHereIfEnding();
            return Failures.report(e, console);
        }
    }

    /** The command, which comes after options that have no values. */
    private static @Nullable String firstWord(String[] args) {
        for (String arg : args) {
            if (!arg.startsWith("-")) {
                return arg;
            }
        }
        return null;
    }
}
