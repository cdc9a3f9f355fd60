package dev.fewbit.cli.command;

import dev.fewbit.cli.Console;
import dev.fewbit.cli.ExitCode;

import picocli.CommandLine.Model.CommandSpec;

final class TrainingCommand implements Subcommand {
    @Override
    public void describe(CommandSpec spec) {}

    @Override
    public int run(Arguments arguments, Console console) {
        return ExitCode.DONE;
    }
}
