package dev.fewbit.cli.command;

import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

import java.util.List;

/** Options and positional arguments in picocli's model, which is wordy. */
public final class Specs {

    private Specs() {}

    /** An option with a value; all values are text to picocli, {@link Arguments} reads them. */
    public static OptionSpec option(String label, String description, String... names) {
        return OptionSpec.builder(names)
                .paramLabel(label)
                .type(String.class)
                .arity("1")
                .description(plain(description))
                .build();
    }

    /** An option with a value that may be given several times. */
    static OptionSpec repeated(String label, String description, String name) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1")
                .description(plain(description))
                .build();
    }

    /** An option with a value out of a few. */
    static OptionSpec choice(String label, List<String> choices, String description, String name) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .type(String.class)
                .arity("1")
                .completionCandidates(choices)
                .description(plain(description.replace("{choices}", String.join(", ", choices))))
                .build();
    }

    /** An option without a value. */
    static OptionSpec flag(String description, String... names) {
        return OptionSpec.builder(names)
                .type(boolean.class)
                .arity("0")
                .description(plain(description))
                .build();
    }

    /**
     * A positional argument. That it is there is checked by {@link Arguments#positional}: picocli
     * would complain of that before it complains of a misspelt option.
     */
    static PositionalParamSpec file(String label, int index, String description) {
        return PositionalParamSpec.builder()
                .paramLabel(label)
                .hideParamSyntax(true)
                .index(Integer.toString(index))
                .type(String.class)
                .arity("0..1")
                .required(false)
                .description(plain(description))
                .build();
    }

    /** Text that picocli shows as it is: it takes a percent sign for the start of a format. */
    private static String plain(String text) {
        return text.replace("%", "%%");
    }

    /** Adds options under a heading of their own. */
    static void addGroup(CommandSpec spec, String heading, OptionSpec... options) {
        ArgGroupSpec.Builder group =
                ArgGroupSpec.builder()
                        .heading(heading)
                        .exclusive(false)
                        .validate(false)
                        .multiplicity("0..1");
        for (OptionSpec option : options) {
            group.addArg(option);
        }
        spec.addArgGroup(group.build());
    }

    /** Options of every command. */
    static void addCommon(CommandSpec spec) {
        addGroup(
                spec,
                "General",
                flag(
                        "Print the result on standard output as one JSON document, and all talk on"
                                + " standard error.",
                        "--json"),
                flag("Say more: full lists, and stack traces of failures.", "--verbose"),
                OptionSpec.builder("-h", "--help")
                        .type(boolean.class)
                        .arity("0")
                        .usageHelp(true)
                        .description("Show this help.")
                        .build());
    }
}
