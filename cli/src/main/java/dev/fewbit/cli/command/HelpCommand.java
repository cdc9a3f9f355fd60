package dev.fewbit.cli.command;

import dev.fewbit.cli.Console;
import dev.fewbit.cli.ExitCode;
import dev.fewbit.cli.Nearest;
import dev.fewbit.cli.Usage;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

import java.util.List;

/** {@code fewbit help [COMMAND]}: the same as {@code --help}. */
final class HelpCommand implements Subcommand {

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .header("Shows help about a command.")
                .customSynopsis("fewbit help [COMMAND]")
                .description("The same as --help.");
        spec.addPositional(
                PositionalParamSpec.builder()
                        .paramLabel("COMMAND")
                        .hideParamSyntax(true)
                        .index("0")
                        .type(String.class)
                        .arity("0..1")
                        .required(false)
                        .description("The command to tell about; all of them if there is none.")
                        .build());
    }

    @Override
    public int run(Arguments arguments, Console console) {
        String name = arguments.optionalPositional(0);
        CommandLine tool = Subcommands.tool(name);
        if (name == null) {
            Usage.print(tool, console);
            return ExitCode.DONE;
        }
        CommandLine command = tool.getSubcommands().get(name);
        if (command == null) {
            String hint =
                    Nearest.to(name, List.copyOf(tool.getSubcommands().keySet()))
                            .map(near -> "; did you mean " + near + "?")
                            .orElse("");
            throw new UsageException("there is no command '" + name + "'" + hint);
        }
        Usage.print(command, console);
        return ExitCode.DONE;
    }
}
