package dev.fewbit.cli.command;

import dev.fewbit.cli.Main;
import dev.fewbit.cli.demo.DemoCommand;
import dev.fewbit.cli.training.TrainingCommand;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

import java.util.List;
import java.util.function.Supplier;

/** All commands, and the command line that offers them. */
public final class Subcommands {

    /** A command before it is made. */
    private record Entry(String name, boolean hidden, Supplier<Subcommand> maker) {}

    private static final List<Entry> ENTRIES =
            List.of(
                    new Entry("inspect", false, InspectCommand::new),
                    new Entry("quantize", false, QuantizeCommand::new),
                    new Entry("search", false, SearchCommand::new),
                    new Entry("train", false, TrainCommand::new),
                    new Entry("plan", false, PlanCommand::new),
                    new Entry("compare", false, CompareCommand::new),
                    new Entry("demo", false, DemoCommand::new),
                    new Entry("completion", false, CompletionCommand::new),
                    new Entry("help", false, HelpCommand::new),
                    new Entry("aot-train", true, TrainingCommand::new));

    private Subcommands() {}

    /**
     * The command line that understands one command, or all of them if there is no command of that
     * name. Describing the others would only cost time.
     */
    public static CommandLine tool(@Nullable String only) {
        boolean known = ENTRIES.stream().anyMatch(entry -> entry.name().equals(only));
        CommandSpec root = CommandSpec.create().name("fewbit");
        describeRoot(root);
        for (Entry entry : ENTRIES) {
            if (!known || entry.name().equals(only)) {
                Subcommand command = entry.maker().get();
                CommandSpec spec = CommandSpec.wrapWithoutInspection(command);
                command.describe(spec);
                Specs.addCommon(spec);
                spec.usageMessage().hidden(entry.hidden());
                root.addSubcommand(entry.name(), spec);
            }
        }
        return new CommandLine(root);
    }

    private static void describeRoot(CommandSpec root) {
        root.addOption(
                OptionSpec.builder("-V", "--version")
                        .type(boolean.class)
                        .arity("0")
                        .versionHelp(true)
                        .description("Show the version.")
                        .build());
        Specs.addCommon(root);
        root.usageMessage()
                .customSynopsis("fewbit COMMAND [OPTIONS]")
                .description(
                        "Makes ONNX models small and fast by storing their weights in few bits.")
                .footer(
                        "  fewbit demo",
                        "  fewbit inspect model.onnx",
                        "  fewbit quantize model.onnx -o small.onnx --data samples.npz --report"
                                + " report.html",
                        "",
                        "'fewbit COMMAND --help' tells more about a command.",
                        "Exit codes: 0 done, 1 failure, 2 usage, 3 a quality gate was missed.");
    }

    /** The command line for printing help, in which the list of commands is complete. */
    public static CommandLine complete(CommandLine tool, ParseResult parsed) {
        return parsed.commandSpec().parent() == null
                ? tool(null)
                : parsed.commandSpec().commandLine();
    }

    /** What is known of a command, or of the tool if there is no such command. */
    public static CommandSpec spec(CommandLine tool, @Nullable String name) {
        CommandLine found = name == null ? null : tool.getSubcommands().get(name);
        return (found == null ? tool : found).getCommandSpec();
    }

    /** The version in the jar's manifest. */
    public static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(unpackaged)" : version;
    }
}
