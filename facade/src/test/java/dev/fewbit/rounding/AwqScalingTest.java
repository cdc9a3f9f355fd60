package dev.fewbit.rounding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.Activations;
import dev.fewbit.Fewbit;
import dev.fewbit.FewbitException;
import dev.fewbit.QuantizationResult;
import dev.fewbit.Recipe;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.Rounding;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

class AwqScalingTest {
    private static final int WIDTH = 64;
    private static final Recipe AWQ =
            Recipe.INT4
                    .withGrouping(Grouping.CHANNEL)
                    .withActivations(Activations.FLOAT)
                    .withRounding(Rounding.AWQ);

    @TempDir Path folder;

    private Path original;
    private Path small;
    private Path data;

    @BeforeEach
    void write() throws IOException {
        original = folder.resolve("float.onnx");
        small = folder.resolve("small.onnx");
        data =
                RoundingData.write(
                        folder.resolve("data.jsonl"), RoundingData.samples(16, 1, 1, 6, WIDTH));
    }

    /**
     * Two products read {@code x * gain}, of which every eighth channel is large, and a third reads
     * the graph's input, which nothing makes.
     */
    private void writeGated() throws IOException {
        RoundingNet net = new RoundingNet();
        Value x = net.input("x", 1, 6, WIDTH);
        float[] gains = new float[WIDTH];
        for (int i = 0; i < WIDTH; i++) {
            gains[i] = i % 8 == 3 ? 12 : 0.5f + i % 3;
        }
        Value gain = net.constant("gain", Tensor.ofFloats(new long[] {WIDTH}, gains));
        Value scaled = net.node("Mul", "scaled", x, gain);
        Value first = net.product("first", scaled, true, WIDTH, WIDTH);
        Value second = net.product("second", scaled, false, WIDTH, WIDTH);
        Value third = net.product("third", x, false, WIDTH, WIDTH);
        net.write(original, net.add("sum", net.add("both", first, second), third));
    }

    private QuantizationResult quantize(Recipe recipe) {
        return Fewbit.quantize(original).recipe(recipe).data(data).writeTo(small);
    }

    private double error() throws IOException {
        return RoundingData.error(
                small, original, RoundingData.samples(16, 2, 1, 6, WIDTH), folder);
    }

    @Test
    void largeInputsAreRoundedMoreFinely() throws IOException {
        writeGated();
        QuantizationResult result = quantize(AWQ);
        assertThat(result.notes())
                .anyMatch(note -> note.startsWith("the inputs of layers are scaled in 1 places"))
                .contains(
                        "rounded to nearest levels without scaling their inputs, since nothing that"
                                + " makes those can take the factors: third.weight");
        double scaled = error();
        quantize(AWQ.withRounding(Rounding.NEAREST));
        assertThat(scaled).isLessThan(0.8 * error());
    }

    /** With many bits nothing is left but what scaling itself might do. */
    @Test
    void theNetworkComputesWhatItDid() throws IOException {
        writeGated();
        quantize(AWQ.withWeights(new Affine(8, false, false)));
        assertThat(error()).isLessThan(1e-4);
    }

    /** Into the weights and the bias of the layer in front, whose codes stay what they were. */
    @Test
    void factorsGoThroughARelu() throws IOException {
        RoundingNet net = new RoundingNet();
        float[] weights = new float[WIDTH * WIDTH];
        Random random = new Random(3);
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextGaussian() * (i % 8 == 3 ? 1 : 0.1f);
        }
        Value weight =
                net.constant("up.weight", Tensor.ofFloats(new long[] {WIDTH, WIDTH}, weights));
        Value product = net.node("MatMul", "up.product", net.input("x", 1, 6, WIDTH), weight);
        Value up = net.relu(net.node("Add", "up", product, net.bias("up", WIDTH)));
        net.write(original, net.product("down", up, false, WIDTH, WIDTH));
        for (Recipe recipe : List.of(AWQ, AWQ.withWeights(new Affine(8, false, false)))) {
            assertThat(quantize(recipe).notes())
                    .anyMatch(
                            note -> note.startsWith("the inputs of layers are scaled in 1 places"));
        }
        assertThat(error()).isLessThan(1e-4);
    }

    @Test
    void threadsDoNotMatterAndAPlanGivesTheSame() throws IOException {
        writeGated();
        Plan plan = quantize(AWQ).plan();
        byte[] bytes = Files.readAllBytes(small);
        for (int threads : new int[] {1, 3}) {
            Fewbit.quantize(original).plan(plan).data(data).threads(threads).writeTo(small);
            assertThat(Files.readAllBytes(small)).isEqualTo(bytes);
        }
        assertThatThrownBy(() -> Fewbit.quantize(original).plan(plan).writeTo(small))
                .isInstanceOf(FewbitException.class)
                .hasMessageContaining("by awq, which needs samples");
    }
}
