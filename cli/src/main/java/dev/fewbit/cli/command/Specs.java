package dev.fewbit.cli.command;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

import java.util.List;

/** Options and positional arguments in picocli's model, which is wordy. */
final class Specs {

    private Specs() {}

    /** An option with a value; all values are text to picocli, {@link Arguments} reads them. */
    static OptionSpec option(String label, String description, String... names) {
        return OptionSpec.builder(names)
                .paramLabel(label)
                .type(String.class)
                .arity("1")
                .description(description)
                .build();
    }

    /** An option with a value out of a few. */
    static OptionSpec choice(String label, List<String> choices, String description, String name) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .type(String.class)
                .arity("1")
                .completionCandidates(choices)
                .description(description)
                .build();
    }

    /** An option without a value. */
    static OptionSpec flag(String description, String... names) {
        return OptionSpec.builder(names)
                .type(boolean.class)
                .arity("0")
                .description(description)
                .build();
    }

    /** A positional argument that must be there. */
    static PositionalParamSpec file(String label, int index, String description) {
        return PositionalParamSpec.builder()
                .paramLabel(label)
                .index(Integer.toString(index))
                .type(String.class)
                .arity("1")
                .required(true)
                .description(description)
                .build();
    }

    /** Options of every command. */
    static void addCommon(CommandSpec spec) {
        spec.addOption(
                flag(
                        "Print the result on standard output as one JSON document, and all talk on"
                                + " standard error.",
                        "--json"));
        spec.addOption(flag("Say more: full lists, and stack traces of failures.", "--verbose"));
        spec.addOption(
                OptionSpec.builder("-h", "--help")
                        .type(boolean.class)
                        .arity("0")
                        .usageHelp(true)
                        .description("Show this help.")
                        .build());
    }
}
