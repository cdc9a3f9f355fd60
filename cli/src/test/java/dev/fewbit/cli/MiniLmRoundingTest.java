package dev.fewbit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.core.quantize.TwoLevelScales;
import dev.fewbit.core.rounding.AffineGrid;
import dev.fewbit.core.rounding.GramMatrix;
import dev.fewbit.core.rounding.Hessian;
import dev.fewbit.core.rounding.RoundedMatrix;
import dev.fewbit.core.rounding.WeightMatrix;
import dev.fewbit.core.rounding.WeightedError;
import dev.fewbit.core.rounding.Workers;
import dev.fewbit.core.rounding.layer.LayerFormat;
import dev.fewbit.core.rounding.layer.LayerRounder;
import dev.fewbit.core.rounding.layer.Scaling;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.io.WriteOptions;
import dev.fewbit.onnx.layer.LinearLayer;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.NumberType;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.SessionSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rounding by data on real weights and real inputs: every matrix of a sentence-embedding model, on
 * what it reads for some sentences.
 */
class MiniLmRoundingTest {
    private static final Affine INT4 = new Affine(4, false, false);
    private static final int BLOCK = 32;

    /** The moments of so few rows say nothing of most directions. */
    private static final double DAMPING = 0.01;

    /** Sentences, as the tokenizer of the model has them. */
    private static final long[][] SENTENCES = {
        // the cat sat on the mat and looked at the dog
        {101, 1996, 4937, 2938, 2006, 1996, 13523, 1998, 2246, 2012, 1996, 3899, 102},
        // a man is playing the guitar in front of a large crowd of people
        {
            101, 1037, 2158, 2003, 2652, 1996, 2858, 1999, 2392, 1997, 1037, 2312, 4306, 1997, 2111,
            102
        },
        // a longer sentence about nothing in particular
        {101, 1037, 2936, 6251, 2055, 2498, 1999, 3327, 102},
        // how much does it cost to send a book to china ?
        {101, 2129, 2172, 2515, 2009, 3465, 2000, 4604, 1037, 2338, 2000, 2859, 1029, 102},
        // the government said that its budget had shrunk by two percent last year
        {
            101, 1996, 2231, 2056, 2008, 2049, 5166, 2018, 14021, 15532, 2243, 2011, 2048, 3867,
            2197, 2095, 102
        },
        // we are going to the beach tomorrow if the weather is good
        {101, 2057, 2024, 2183, 2000, 1996, 3509, 4826, 2065, 1996, 4633, 2003, 2204, 102},
        // this movie was so bad that i left before the end
        {101, 2023, 3185, 2001, 2061, 2919, 2008, 1045, 2187, 2077, 1996, 2203, 102},
        // what is the capital of france ?
        {101, 2054, 2003, 1996, 3007, 1997, 2605, 1029, 102},
        // two children are running across the grass with a red ball
        {101, 2048, 2336, 2024, 2770, 2408, 1996, 5568, 2007, 1037, 2417, 3608, 102},
        // the machine learning model was trained on a large dataset
        {101, 1996, 3698, 4083, 2944, 2001, 4738, 2006, 1037, 2312, 2951, 13462, 102}
    };

    @TempDir Path folder;

    @Test
    void roundingByDataLosesLessThanNearestOnEveryMatrix() throws IOException {
        Path file = folder.resolve("minilm.onnx");
        try (InputStream in = getClass().getResourceAsStream("/all-minilm-l6-v2.onnx")) {
            Files.copy(in, file);
        }
        Model model = OnnxReader.read(file);
        Map<String, List<LinearLayer>> layers = layers(model);
        Workers workers = Workers.of(2);
        Map<String, Hessian> moments = moments(model, layers, workers);
        LayerFormat floats = new LayerFormat(INT4, BLOCK, Scaling.FLOATS);
        LayerFormat small = new LayerFormat(INT4, BLOCK, Scaling.TWO_LEVELS);
        int seen = 0;
        for (Map.Entry<String, List<LinearLayer>> entry : layers.entrySet()) {
            Hessian h = moments.get(entry.getKey());
            Hessian damped = h.damped(DAMPING);
            for (LinearLayer layer : entry.getValue()) {
                WeightMatrix weights = matrix(layer);
                // The formats of two levels on every third layer are enough.
                LayerFormat format = seen++ % 3 == 2 ? small : floats;
                LayerRounder rounder = new LayerRounder(format, DAMPING, workers);
                RoundedMatrix nearest = rounder.nearest(weights, h);
                RoundedMatrix gptq = rounder.gptq(weights, h);
                double before = WeightedError.of(weights, nearest, damped, workers);
                double after = WeightedError.of(weights, gptq, damped, workers);
                RoundedMatrix descent = rounder.descent(weights, h);
                double best = WeightedError.of(weights, descent, damped, workers);
                assertThat(after).as(layer.weightName()).isLessThan(before);
                assertThat(best).as(layer.weightName()).isLessThan(after);
                for (RoundedMatrix rounded : List.of(nearest, gptq, descent)) {
                    checkGrid(rounded, format);
                }
            }
        }
        // Query, key, value and output of six attentions, and two products behind each.
        assertThat(seen).isEqualTo(36);
    }

    private static Map<String, List<LinearLayer>> layers(Model model) {
        Constants constants = new Constants(model);
        Map<String, List<LinearLayer>> layers = new LinkedHashMap<>();
        model.graph()
                .nodes()
                .forEach(
                        node ->
                                LinearLayer.of(node, constants)
                                        .ifPresent(
                                                layer ->
                                                        layers.computeIfAbsent(
                                                                        layer.input().name(),
                                                                        _ -> new ArrayList<>())
                                                                .add(layer)));
        return layers;
    }

    private static WeightMatrix matrix(LinearLayer layer) {
        int rows = layer.outputChannels().channels();
        float[] weights = layer.weights();
        return WeightMatrix.transposed(weights, weights.length / rows, rows);
    }

    /** Of what the layers read in the float network. */
    private Map<String, Hessian> moments(
            Model model, Map<String, List<LinearLayer>> layers, Workers workers)
            throws IOException {
        Graph graph = model.graph();
        for (List<LinearLayer> readers : layers.values()) {
            Value input = readers.getFirst().input();
            if (!input.isGraphOutput()) {
                input.setType(ElementType.FLOAT, null);
                graph.addOutput(input);
            }
        }
        Path probe = folder.resolve("probe.onnx");
        OnnxWriter.write(model, probe, WriteOptions.defaults());
        Map<String, GramMatrix> grams = new LinkedHashMap<>();
        try (ModelSession session = ModelSession.open(probe, SessionSettings.withThreads(2))) {
            for (int i = 0; i < SENTENCES.length; i++) {
                Map<String, NumberArray> values = session.run(sample(i, SENTENCES[i]));
                for (String input : layers.keySet()) {
                    NumberArray rows = values.get(input);
                    int width = (int) rows.shape()[rows.rank() - 1];
                    float[] floats = new float[rows.size()];
                    rows.as(NumberType.FLOAT32).bytes().asFloatBuffer().get(floats);
                    grams.computeIfAbsent(input, _ -> new GramMatrix(width))
                            .add(floats, 0, floats.length / width, workers);
                }
            }
        }
        Map<String, Hessian> moments = new LinkedHashMap<>();
        grams.forEach((input, gram) -> moments.put(input, gram.hessian()));
        return moments;
    }

    private static Sample sample(int index, long[] tokens) {
        long[] ones = new long[tokens.length];
        Arrays.fill(ones, 1);
        return new Sample(
                index,
                Map.of(
                        "input_ids", NumberArray.ofLongs(tokens, 1, tokens.length),
                        "attention_mask", NumberArray.ofLongs(ones, 1, tokens.length),
                        "token_type_ids",
                                NumberArray.ofLongs(new long[tokens.length], 1, tokens.length)),
                Optional.empty());
    }

    private static void checkGrid(RoundedMatrix rounded, LayerFormat format) {
        AffineGrid grid = (AffineGrid) rounded.grid();
        assertThat(grid.format()).isEqualTo(INT4);
        assertThat(grid.groupSize()).isEqualTo(BLOCK);
        for (byte code : rounded.codes()) {
            if (code < INT4.qmin() || code > INT4.qmax()) {
                assertThat((int) code).isBetween(INT4.qmin(), INT4.qmax());
            }
        }
        float[] scales = grid.scales();
        if (format.scaling() == Scaling.TWO_LEVELS) {
            assertThat(
                            TwoLevelScales.of(
                                            scales,
                                            new GroupGeometry(
                                                    grid.rows(), grid.columns(), 1, BLOCK))
                                    .scales())
                    .isEqualTo(scales);
        }
        int[] zeroPoints = grid.zeroPoints();
        float[] values = rounded.dequantize();
        byte[] codes = rounded.codes();
        for (int i = 0; i < values.length; i++) {
            int group = i / grid.columns() * grid.groups() + i % grid.columns() / BLOCK;
            float expected = (codes[i] - zeroPoints[group]) * scales[group];
            if (values[i] != expected) {
                assertThat(values[i]).isEqualTo(expected);
            }
        }
    }
}
