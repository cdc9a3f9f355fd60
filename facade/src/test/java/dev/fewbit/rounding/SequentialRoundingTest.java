package dev.fewbit.rounding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.Activations;
import dev.fewbit.Fewbit;
import dev.fewbit.NetworkKind;
import dev.fewbit.QuantizationResult;
import dev.fewbit.Recipe;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.WeightFormat;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Rounding;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

class SequentialRoundingTest {
    @TempDir Path folder;

    private Path original;
    private Path small;

    /** Symmetric levels per channel, activations as they are. */
    private static final Recipe WEIGHTS_ALONE =
            Recipe.INT4
                    .forNetwork(NetworkKind.CONVOLUTIONS)
                    .withActivations(Activations.FLOAT)
                    .withAllLayersAlike();

    @BeforeEach
    void choosePaths() {
        original = folder.resolve("float.onnx");
        small = folder.resolve("small.onnx");
    }

    private Path data(int samples, long... shape) throws IOException {
        return RoundingData.write(
                folder.resolve("data.jsonl"), RoundingData.samples(samples, 1, shape));
    }

    private QuantizationResult quantize(Recipe recipe, Path data) {
        return Fewbit.quantize(original).recipe(recipe).data(data).threads(2).writeTo(small);
    }

    /** The error on samples that nothing was rounded by. */
    private double error(long... shape) throws IOException {
        return RoundingData.error(small, original, RoundingData.samples(40, 2, shape), folder);
    }

    @ParameterizedTest
    @EnumSource(names = {"GPTQ", "DESCENT", "ADAROUND", "AUTO"})
    void convolutionsInIntegersLoseLessThanRoundedToNearest(Rounding rounding) throws IOException {
        RoundingNet.convolutions(original);
        Path data = data(48, 1, 8, 10, 10);
        Recipe recipe = Recipe.INT4.withAllLayersAlike();
        quantize(recipe.withRounding(Rounding.NEAREST), data);
        double nearest = error(1, 8, 10, 10);
        QuantizationResult result = quantize(recipe.withRounding(rounding), data);
        assertThat(error(1, 8, 10, 10)).isLessThan(0.6 * nearest);
        assertThat(result.notes()).anyMatch(note -> note.startsWith("9 layers rounded"));
    }

    @ParameterizedTest
    @EnumSource(names = {"GPTQ", "DESCENT", "ADAROUND", "AUTO"})
    void productsInBlocksLoseLessThanRoundedToNearest(Rounding rounding) throws IOException {
        RoundingNet.products(original);
        Path data = data(64, 1, 6, 64);
        quantize(Recipe.INT4.withRounding(Rounding.NEAREST), data);
        double nearest = error(1, 6, 64);
        QuantizationResult result = quantize(Recipe.INT4.withRounding(rounding), data);
        assertThat(error(1, 6, 64)).isLessThan(0.8 * nearest);
        assertThat(result.notes()).anyMatch(note -> note.startsWith("6 layers rounded"));
        assertThat(result.warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tensor", "channel", "block:16", "block:64,scales:8"})
    void anyGroupsOfWeightsMayShareAScale(String granularity) throws IOException {
        RoundingNet.products(original);
        Path data = data(64, 1, 6, 64);
        for (Affine format :
                new Affine[] {new Affine(4, false, false), new Affine(3, true, true)}) {
            Recipe recipe =
                    Recipe.INT4
                            .withWeights(format)
                            .withGrouping(Grouping.parse(granularity))
                            .withActivations(Activations.FLOAT);
            quantize(recipe.withRounding(Rounding.NEAREST), data);
            double nearest = error(1, 6, 64);
            quantize(recipe.withRounding(Rounding.DESCENT), data);
            assertThat(error(1, 6, 64)).isLessThan(0.8 * nearest);
        }
    }

    /**
     * Levels of every kind, in convolutions and products. What groups of a convolution share is not
     * learned by data, so it is the value in front of that one that is looked at.
     */
    @ParameterizedTest
    @ValueSource(strings = {"int2", "int3", "pow2-3", "pow2-4", "codebook-2", "codebook-4"})
    void levelsMayBeOfAnyKind(String name) throws IOException {
        Recipe recipe = Recipe.named(name).withAllLayersAlike();
        RoundingNet.convolutions(original);
        Path pictures = data(32, 1, 8, 10, 10);
        quantize(
                recipe.withRounding(Rounding.NEAREST).withActivations(Activations.FLOAT), pictures);
        List<Sample> samples = RoundingData.samples(40, 2, 1, 8, 10, 10);
        Set<String> depthwise = Set.of("depthwise");
        double nearest = RoundingData.error(small, original, samples, depthwise, folder);
        quantize(recipe.withActivations(Activations.FLOAT), pictures);
        assertThat(RoundingData.error(small, original, samples, depthwise, folder))
                .isLessThan(0.6 * nearest);
        RoundingNet.products(original);
        Path rows = data(48, 1, 6, 64);
        quantize(recipe.withRounding(Rounding.NEAREST), rows);
        nearest = error(1, 6, 64);
        quantize(recipe, rows);
        assertThat(error(1, 6, 64)).isLessThan(0.8 * nearest);
    }

    @Test
    void theBytesAreTheSameForAnyNumberOfThreadsAndEveryTime() throws IOException {
        RoundingNet.convolutions(original);
        Path data = data(24, 1, 8, 10, 10);
        assertThat(bytes(Recipe.INT4, data, 1))
                .isEqualTo(bytes(Recipe.INT4, data, 4))
                .isEqualTo(bytes(Recipe.INT4, data, 1));
        RoundingNet.products(original);
        Path rows = data(24, 1, 6, 64);
        assertThat(bytes(Recipe.INT4, rows, 1))
                .isEqualTo(bytes(Recipe.INT4, rows, 4))
                .isEqualTo(bytes(Recipe.INT4, rows, 1));
    }

    private byte[] bytes(Recipe recipe, Path data, int threads) throws IOException {
        Fewbit.quantize(original).recipe(recipe).data(data).threads(threads).writeTo(small);
        return Files.readAllBytes(small);
    }

    /** Of every layer, or of the sum that it is rounded for. */
    @Test
    void biasesGiveTheMeansOfTheFloatNetwork() throws IOException {
        RoundingNet.convolutions(original);
        List<Sample> samples = RoundingData.samples(16, 1, 1, 8, 10, 10);
        quantize(WEIGHTS_ALONE, data(16, 1, 8, 10, 10));
        // Not of the depthwise layer, which is so small that it stays float.
        Set<String> values =
                Set.of("stem", "first", "sum", "third", "shortcut", "joined", "grouped");
        List<Map<String, NumberArray>> expected =
                RoundingData.run(original, samples, values, folder);
        List<Map<String, NumberArray>> actual = RoundingData.run(small, samples, values, folder);
        for (String value : expected.getFirst().keySet()) {
            long[] shape = expected.getFirst().get(value).shape();
            int channels = (int) shape[1];
            double[] one = new double[channels];
            double[] other = new double[channels];
            double[] size = new double[channels];
            double[] error = new double[channels];
            for (int i = 0; i < samples.size(); i++) {
                NumberArray floats = expected.get(i).get(value);
                NumberArray rounded = actual.get(i).get(value);
                int positions = floats.size() / channels;
                for (int k = 0; k < floats.size(); k++) {
                    int channel = k / positions;
                    one[channel] += floats.doubleAt(k);
                    other[channel] += rounded.doubleAt(k);
                    size[channel] += Math.abs(floats.doubleAt(k));
                    error[channel] += Math.abs(floats.doubleAt(k) - rounded.doubleAt(k));
                }
            }
            for (int channel = 0; channel < channels; channel++) {
                // Means are of sums of floats, which do not cancel as well as single errors do.
                assertThat(Math.abs(one[channel] - other[channel]))
                        .as("%s %d", value, channel)
                        .isLessThan(1e-5 * size[channel])
                        .isLessThan(0.01 * error[channel]);
            }
        }
    }

    /** Each layer is rounded for what those before it have become, so errors do not add up. */
    @Test
    void laterLayersMakeUpForEarlierOnes() throws IOException {
        RoundingNet net = new RoundingNet();
        Value value = net.input("x", 1, 6, 64);
        for (int i = 0; i < 6; i++) {
            value = net.product("layer" + i, value, true, 64, 64);
        }
        net.write(original, value);
        Path data = data(64, 1, 6, 64);
        Recipe recipe = WEIGHTS_ALONE.withGrouping(Grouping.CHANNEL);
        quantize(recipe.withRounding(Rounding.NEAREST), data);
        double nearest = error(1, 6, 64);
        quantize(recipe, data);
        // Without nonlinear functions between them nearly all can be made up for: what is left is
        // the error of the last layer, a sixth of what adds up, and its own gain besides.
        assertThat(error(1, 6, 64)).isLessThan(0.3 * nearest);
    }

    /** Dynamic products in integers: the node is another one when it is quantized. */
    @Test
    void dynamicProductsAreRoundedByWhatTheyRead() throws IOException {
        RoundingNet.products(original);
        Path data = data(64, 1, 6, 64);
        quantize(Recipe.INT8_DYNAMIC, data);
        double nearest = error(1, 6, 64);
        QuantizationResult result =
                quantize(Recipe.INT8_DYNAMIC.withRounding(Rounding.DESCENT), data);
        assertThat(OnnxReader.read(small).graph().nodes())
                .extracting(Node::opType)
                .contains("MatMulInteger");
        assertThat(result.notes()).anyMatch(note -> note.startsWith("6 layers rounded"));
        assertThat(error(1, 6, 64)).isLessThan(nearest);
    }

    /** The other side of a sum may be smaller or larger than what the layer makes. */
    @Test
    void sumsThatBroadcastAreMet() throws IOException {
        RoundingNet net = new RoundingNet();
        Value x = net.input("x", 1, 16, 6, 6);
        Value pooled = net.node("GlobalAveragePool", "pool", x);
        Value wide = net.add("wide", net.convolution("one", x, true, 1, 16, 16, 3, 3), pooled);
        Value gate = net.convolution("gate", pooled, true, 1, 16, 16, 1, 1);
        net.write(original, net.relu(wide), net.add("spread", gate, x));
        Path data = data(48, 1, 16, 6, 6);
        quantize(WEIGHTS_ALONE.withRounding(Rounding.NEAREST), data);
        double nearest = error(1, 16, 6, 6);
        quantize(WEIGHTS_ALONE, data);
        assertThat(error(1, 16, 6, 6)).isLessThan(0.8 * nearest);
    }

    @Test
    void channelsThatAreNeverActiveDoNoHarm() throws IOException {
        RoundingNet net = new RoundingNet();
        Value x = net.input("x", 1, 8, 6, 6);
        Value shifted = net.add("shifted", x, net.constant("shift", 0, 40, 1, 8, 1, 1));
        Value alive = net.relu(shifted);
        Value one = net.convolution("depthwise", alive, true, 8, 8, 1, 3, 3);
        Value two = net.convolution("pointwise", alive, true, 1, 8, 8, 1, 1);
        Value three = net.convolution("silent", alive, false, 2, 8, 4, 3, 3);
        net.write(original, one, two, three);
        Path data = data(32, 1, 8, 6, 6);
        List<Map<String, NumberArray>> values =
                RoundingData.run(
                        original,
                        RoundingData.samples(32, 1, 1, 8, 6, 6),
                        Set.of("shifted.relu"),
                        folder);
        assertThat(silentChannels(values)).isBetween(1, 7);
        for (Rounding rounding : List.of(Rounding.GPTQ, Rounding.AUTO, Rounding.ADAROUND)) {
            quantize(WEIGHTS_ALONE.withRounding(Rounding.NEAREST), data);
            double nearest = error(1, 8, 6, 6);
            quantize(WEIGHTS_ALONE.withRounding(rounding), data);
            assertThat(error(1, 8, 6, 6)).isLessThan(nearest);
        }
    }

    private static int silentChannels(List<Map<String, NumberArray>> values) {
        boolean[] active = new boolean[8];
        for (Map<String, NumberArray> each : values) {
            NumberArray array = each.get("shifted.relu");
            for (int i = 0; i < array.size(); i++) {
                active[i / 36] |= array.doubleAt(i) > 0;
            }
        }
        int silent = 0;
        for (boolean each : active) {
            silent += each ? 0 : 1;
        }
        return silent;
    }

    /** Samples of several lengths, and several in one. */
    @Test
    void samplesMayDifferInSize() throws IOException {
        RoundingNet net = new RoundingNet();
        Value x = net.input("x", 1, 6, 64);
        x.setType(ElementType.FLOAT, null);
        Value one = net.relu(net.product("one", x, true, 64, 64));
        net.write(original, net.add("sum", net.product("two", one, true, 64, 64), x));
        StringBuilder lines = new StringBuilder();
        long[][] shapes = {{1, 6, 64}, {3, 2, 64}, {1, 17, 64}, {2, 11, 64}};
        for (int i = 0; i < 32; i++) {
            Path part =
                    RoundingData.write(
                            folder.resolve("part.jsonl"),
                            RoundingData.samples(1, i, shapes[i % shapes.length]));
            lines.append(Files.readString(part));
        }
        Path data = Files.writeString(folder.resolve("mixed.jsonl"), lines);
        quantize(Recipe.INT4.withRounding(Rounding.NEAREST), data);
        double nearest = error(1, 6, 64);
        quantize(Recipe.INT4, data);
        assertThat(error(1, 6, 64)).isLessThan(0.8 * nearest);
    }

    /** Fewer rows than inputs: the moments are singular, and the damping keeps the weights. */
    @Test
    void aSingleSampleDoesNotSpoilTheNetwork() throws IOException {
        RoundingNet.products(original);
        Path data = data(1, 1, 6, 64);
        quantize(Recipe.INT4.withRounding(Rounding.NEAREST), data);
        double nearest = error(1, 6, 64);
        quantize(Recipe.INT4, data);
        assertThat(error(1, 6, 64)).isLessThan(nearest);
    }

    @Test
    void whatIsRoundedToNearestIsSaid() throws IOException {
        RoundingNet net = new RoundingNet();
        Value x = net.input("x", 1, 8, 6, 6);
        Value turned = net.node("ConvTranspose", "turned", x, net.weight("turned", 8, 8, 16, 2, 2));
        net.write(original, net.relu(net.convolution("layer", turned, true, 1, 16, 16, 3, 3)));
        QuantizationResult result = quantize(WEIGHTS_ALONE, data(16, 1, 8, 6, 6));
        assertThat(result.notes())
                .contains(
                        "turned.weight is rounded to nearest levels: only convolutions in one or"
                                + " two dimensions are")
                .anyMatch(note -> note.startsWith("1 layers rounded"));
    }

    static List<WeightFormat> formats() {
        return List.of(new Affine(3, false, false), new Codebook(3));
    }

    /** Transposed, of two readers, or (tables only) in groups: the biases are left to help. */
    @ParameterizedTest
    @MethodSource("formats")
    void layersWithNearestLevelsHaveTheirMeans(WeightFormat format) throws IOException {
        writeLayersWithNearestLevels();
        Set<String> names = Set.of("turned", "first", "second", "grouped");
        List<Sample> samples = RoundingData.samples(16, 1, 1, 8, 6, 6);
        Recipe recipe = WEIGHTS_ALONE.withGrouping(Grouping.CHANNEL).withWeights(format);
        Map<String, double[]> wanted = means(original, names, samples);
        double nearest = 0;
        for (boolean byData : new boolean[] {false, true}) {
            quantize(byData ? recipe : recipe.withRounding(Rounding.NEAREST), data(16, 1, 8, 6, 6));
            Map<String, double[]> got = means(small, names, samples);
            double worst = 0;
            for (String name : names) {
                for (int channel = 0; channel < 16; channel++) {
                    double off = wanted.get(name)[channel] - got.get(name)[channel];
                    worst = Math.max(worst, Math.abs(off));
                }
            }
            if (byData) {
                // What is left is the rounding of floats, in sums of some hundred products.
                assertThat(worst).isLessThan(1e-5).isLessThan(0.01 * nearest);
            }
            nearest = worst;
        }
    }

    private void writeLayersWithNearestLevels() throws IOException {
        RoundingNet net = new RoundingNet();
        Value x = net.input("x", 1, 8, 6, 6);
        Value turned =
                net.node(
                        "ConvTranspose",
                        "turned",
                        x,
                        net.weight("turned", 8, 8, 16, 2, 2),
                        net.bias("turned", 16));
        Value shared = net.weight("shared", 144, 16, 16, 3, 3);
        Value first = net.node("Conv", "first", net.relu(turned), shared, net.bias("first", 16));
        Value second = net.node("Conv", "second", net.relu(first), shared);
        net.write(original, net.convolution("grouped", net.relu(second), true, 2, 16, 8, 3, 3));
    }

    @Test
    void thatGoesForNetworksInIntegersToo() throws IOException {
        writeLayersWithNearestLevels();
        Path data = data(32, 1, 8, 6, 6);
        Recipe recipe = Recipe.INT4.withAllLayersAlike();
        quantize(recipe.withRounding(Rounding.NEAREST), data);
        double nearest = error(1, 8, 6, 6);
        quantize(recipe, data);
        assertThat(error(1, 8, 6, 6)).isLessThan(nearest);
    }

    private Map<String, double[]> means(Path model, Set<String> names, List<Sample> samples)
            throws IOException {
        Map<String, double[]> means = new HashMap<>();
        List<Map<String, NumberArray>> values = RoundingData.run(model, samples, names, folder);
        for (String name : names) {
            double[] own = new double[16];
            for (Map<String, NumberArray> each : values) {
                NumberArray array = each.get(name);
                int inner = array.size() / 16;
                for (int i = 0; i < array.size(); i++) {
                    own[i / inner] += array.doubleAt(i) / inner / samples.size();
                }
            }
            means.put(name, own);
        }
        return means;
    }

    /** The graph is what it is without rounding: only biases are added. */
    @Test
    void nothingButNumbersAndBiasesChanges() throws IOException {
        RoundingNet.convolutions(original);
        Path data = data(16, 1, 8, 10, 10);
        quantize(WEIGHTS_ALONE.withRounding(Rounding.NEAREST), data);
        Model nearest = OnnxReader.read(small);
        long size = Files.size(small);
        quantize(WEIGHTS_ALONE, data);
        Model rounded = OnnxReader.read(small);
        assertThat(rounded.graph().nodes())
                .extracting(Node::opType)
                .isEqualTo(nearest.graph().nodes().stream().map(Node::opType).toList());
        // "third" has no bias of its own: 24 floats and a name.
        assertThat(Files.size(small)).isBetween(size, size + 24 * Float.BYTES + 100);
    }
}
