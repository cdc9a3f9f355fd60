package dev.fewbit.cli.command;

import dev.fewbit.cli.Console;
import dev.fewbit.cli.ExitCode;

import picocli.AutoComplete;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code fewbit completion}: a script that teaches bash and zsh to complete commands and options.
 */
final class CompletionCommand implements Subcommand {

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .header("Prints a script for completion in bash and zsh.")
                .customSynopsis("fewbit completion")
                .description(
                        "Prints a script that teaches bash and zsh to complete commands and"
                                + " options.")
                .footer(
                        "  source <(fewbit completion)                   in this shell",
                        "  fewbit completion > ~/.fewbit-completion      once, and then in"
                                + " ~/.bashrc:",
                        "  source ~/.fewbit-completion");
    }

    @Override
    public int run(Arguments arguments, Console console) {
        console.document().println(AutoComplete.bash("fewbit", Subcommands.tool(null)));
        return ExitCode.DONE;
    }
}
