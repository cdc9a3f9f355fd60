package dev.fewbit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.cli.command.Subcommands;
import dev.fewbit.cli.terminal.Printable;
import dev.fewbit.cli.terminal.Terminal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine.Model.OptionSpec;

import java.nio.file.Path;

/** Help, and command lines that make no sense. */
class CommandLineTest {

    @TempDir Path folder;

    @Test
    void versionIsOneLine() {
        Invocation run = Invocation.of("--version").succeeded();
        assertThat(run.out()).matches("fewbit \\S+\\R");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void withoutArgumentsItTellsWhatThereIs() {
        Invocation run = Invocation.of().succeeded();
        assertThat(run.out())
                .contains(
                        "inspect",
                        "quantize",
                        "search",
                        "plan",
                        "compare",
                        "demo",
                        "completion",
                        "Examples")
                .doesNotContain("aot-train");
        assertThat(Invocation.of("--help").out()).isEqualTo(run.out());
        assertThat(Invocation.of("help").out()).isEqualTo(run.out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "inspect",
                "quantize",
                "search",
                "plan",
                "compare",
                "demo",
                "completion",
                "help"
            })
    void everyOptionIsExplained(String command) {
        Invocation run = Invocation.of("help", command).succeeded();
        for (OptionSpec option :
                Subcommands.tool(command)
                        .getSubcommands()
                        .get(command)
                        .getCommandSpec()
                        .options()) {
            assertThat(run.out()).contains(option.longestName());
            assertThat(String.join("", option.description())).isNotBlank();
        }
        assertThat(Invocation.of(command, "--help").out()).isEqualTo(run.out());
        assertThat(run.out())
                .startsWith(run.out().lines().findFirst().orElseThrow())
                .contains("Usage: fewbit " + command);
    }

    @ParameterizedTest
    @CsvSource({"40", "55", "80", "100", "200"})
    void helpFitsTheTerminal(int columns) {
        Invocation run =
                Invocation.of(new Terminal(true, true, columns, false), "quantize", "--help");
        String untilExamples = run.out().substring(0, run.out().indexOf("\nExamples"));
        assertThat(untilExamples.lines()).allMatch(line -> Printable.width(line) <= columns);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "quantise x.onnx | unknown command 'quantise'; did you mean quantize?",
                "--no-such-option | unknown option '--no-such-option'",
                "quantize m.onnx -o o.onnx --recpie int8 | unknown option '--recpie'; did you mean"
                        + " --recipe?",
                "quantize | MODEL is missing",
                "quantize m.onnx | give the file to write with -o OUT",
                "quantize m.onnx o.onnx | unexpected argument 'o.onnx'; the file to write comes"
                        + " after -o",
                "quantize m.onnx -o | missing required parameter for option '--output' (OUT)",
                "quantize m.onnx -o - | -o - is not possible",
                "quantize m.onnx -o o.onnx --recipe int9 | unknown recipe 'int9'; expected one of"
                        + " int8, int8-dynamic",
                "quantize m.onnx -o o.onnx --threads 0 | --threads takes a number of at least 1,"
                        + " got 0",
                "quantize m.onnx -o o.onnx --threads many | --threads takes a whole number, got"
                        + " 'many'",
                "quantize m.onnx -o o.onnx --seed x | --seed takes a whole number of 64 bits, got"
                        + " 'x'",
                "quantize m.onnx -o o.onnx --recipe int4-weights --block x | --block takes a whole"
                        + " number, got 'x'",
                "quantize m.onnx -o o.onnx --activations hot | --activations takes one of 2, 3, 4,"
                        + " 5, 6, 7, 8, 16, dynamic, float, got 'hot'",
                "quantize m.onnx -o o.onnx --plan p.yaml --recipe int8-weights | --recipe and"
                        + " --plan exclude each other",
                "quantize m.onnx -o o.onnx --plan p.yaml --seed 3 | --seed and --plan exclude each"
                        + " other",
                "quantize m.onnx -o o.onnx --min-cosine 2 | --min-cosine takes a cosine, -1 to 1,"
                        + " got 2.0",
                "quantize m.onnx -o o.onnx --min-sqnr NaN | --min-sqnr takes a finite number, got"
                        + " 'NaN'",
                "compare a.onnx | QUANTIZED is missing",
                "compare a.onnx b.onnx c.onnx | unexpected argument 'c.onnx'",
                "plan m.onnx -o plan.onnx | a plan is YAML, not a model",
                "help nothing | there is no command 'nothing'",
                "inspect '' | MODEL is empty"
            })
    void mistakesAreExplained(String line, String message) {
        String[] args = line.strip().split(" ");
        for (int i = 0; i < args.length; i++) {
            args[i] = args[i].equals("''") ? "" : args[i];
        }
        Invocation run = Invocation.of((Object[]) args).failed(ExitCode.USAGE);
        assertThat(run.err()).contains(message.strip()).contains("Try fewbit");
    }

    @Test
    void aModelInPlaceOfACommandIsUnderstood() {
        Path model = TestModels.withoutWeights(folder.resolve("model.onnx"));
        assertThat(Invocation.of(model).failed(ExitCode.USAGE).err())
                .contains("fewbit inspect " + model);
    }

    @Test
    void percentSignsInHelpAreJustThat() {
        Invocation run = Invocation.of("search", "--help").succeeded();
        assertThat(run.out()).contains("30%").doesNotContain("%%");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void completionIsAScriptThatKnowsTheRecipes() {
        assertThat(Invocation.of("completion").succeeded().out())
                .startsWith("#!/usr/bin/env bash")
                .contains("quantize", "--recipe", "int4-weights", "complete -F")
                .contains("search", "--max-size", "--max-latency", "--formats");
    }

    @Test
    void coloursAreForTerminalsOnly() {
        Terminal plain = new Terminal(true, true, 80, false);
        Terminal coloured = new Terminal(true, true, 80, true);
        assertThat(Invocation.of("--help").out()).doesNotContain("\u001b");
        assertThat(Invocation.of(plain, "--help").out()).doesNotContain("\u001b");
        assertThat(Invocation.of(coloured, "--help").out()).contains("\u001b[1m");
        assertThat(Invocation.of(coloured, "nonsense").err())
                .contains("\u001b[31mfewbit:\u001b[0m");
    }
}
