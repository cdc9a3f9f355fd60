package dev.fewbit.cli.command;

import dev.fewbit.cli.Console;

import picocli.CommandLine.Model.CommandSpec;

import java.io.IOException;

/** One command of the tool. */
public interface Subcommand {

    /** Describes its arguments and its help; called once, before {@link #run}. */
    void describe(CommandSpec spec);

    /**
     * Does the work.
     *
     * @return the exit code of the process, see {@link dev.fewbit.cli.ExitCode}
     * @throws UsageException if the arguments contradict each other
     * @throws dev.fewbit.FewbitException if it fails in a way that a person can do something about
     * @throws IOException if a file of its own cannot be written
     */
    int run(Arguments arguments, Console console) throws IOException;
}
