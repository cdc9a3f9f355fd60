package dev.fewbit.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.core.quantize.RoundedWeight;
import dev.fewbit.core.quantize.RoundedWeights;
import dev.fewbit.core.quantize.TwoLevelScales;
import dev.fewbit.core.statistics.ErrorStatistics;
import dev.fewbit.encoding.NetBuilder.Net;
import dev.fewbit.onnx.encode.EncodedWeight;
import dev.fewbit.onnx.encode.EncodingException;
import dev.fewbit.onnx.encode.ModelEncoder;
import dev.fewbit.onnx.encode.WeightMeasurement;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.io.WriteOptions;
import dev.fewbit.onnx.weight.WeightSites;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Weights that something else has rounded are stored as they are, and measured. */
class RoundedWeightsTest {
    @TempDir Path folder;

    static Stream<Arguments> cases() {
        return Stream.of(
                        LowBitWeights.MATRIX,
                        LowBitWeights.TRANSPOSED_MATRIX,
                        LowBitWeights.STACK,
                        LowBitWeights.KERNEL,
                        LowBitWeights.ODD_TABLE,
                        LowBitWeights.TIED)
                .flatMap(
                        kind ->
                                Stream.of(
                                        Arguments.of(
                                                kind, new Affine(3, false, false), Grouping.TENSOR),
                                        Arguments.of(
                                                kind, new Affine(4, true, true), Grouping.CHANNEL),
                                        Arguments.of(
                                                kind,
                                                new Affine(4, false, false),
                                                Grouping.block(16)),
                                        Arguments.of(
                                                kind,
                                                new Affine(8, false, false),
                                                Grouping.block(32)),
                                        Arguments.of(
                                                kind,
                                                new Affine(2, false, false),
                                                Grouping.block(64).withScaleBits(8))));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("cases")
    void areStoredAsTheyAre(LowBitWeights kind, Affine format, Grouping grouping)
            throws IOException {
        Plan plan = kind.plan(format, grouping);
        RoundedWeight rounded = anyhow(kind, format, grouping);
        Model model = kind.model(weights -> weights);
        EncodedWeight weight = encode(model, plan, Measuring.DISTRIBUTIONS, rounded);

        float[] quantized = dequantized(kind, format, grouping, rounded);
        Path reference = folder.resolve("rounded.onnx");
        OnnxWriter.write(kind.model(_ -> quantized), reference, WriteOptions.defaults());
        Map<String, float[]> actual = Runs.literally(folder.resolve("small.onnx"), kind.inputs());
        Runs.literally(reference, kind.inputs())
                .forEach((name, values) -> assertThat(actual.get(name)).isEqualTo(values));

        float[] floats = original(kind);
        ErrorStatistics expected = ErrorStatistics.between(floats, quantized);
        WeightMeasurement measured = weight.filler().measurement();
        // Sums of doubles in another order.
        assertThat(measured.error().errorSquares())
                .isCloseTo(expected.errorSquares(), within(1e-12 * expected.errorSquares()));
        assertThat(measured.error().products())
                .isCloseTo(expected.products(), within(1e-9 * expected.originalSquares()));
        assertThat(measured.error().maximumError()).isEqualTo(expected.maximumError());
        float[] sorted = floats.clone();
        Arrays.sort(sorted);
        assertThat(measured.minimum()).isEqualTo(sorted[0]);
        assertThat(measured.maximum()).isEqualTo(sorted[sorted.length - 1]);
        assertThat(measured.histogram().count()).isEqualTo(floats.length);
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("cases")
    void nearestLevelsAreFoundOnce(LowBitWeights kind, Affine format, Grouping grouping)
            throws IOException {
        Plan plan = kind.plan(format, grouping);
        Map<String, RoundedWeight> kept = new ConcurrentHashMap<>();
        AtomicInteger found = new AtomicInteger();
        RoundedWeights keeping =
                new RoundedWeights() {
                    @Override
                    public Optional<RoundedWeight> of(String tensor) {
                        return Optional.ofNullable(kept.get(tensor));
                    }

                    @Override
                    public boolean wants(String tensor) {
                        return true;
                    }

                    @Override
                    public void take(String tensor, RoundedWeight nearest) {
                        kept.put(tensor, nearest);
                        found.incrementAndGet();
                    }
                };
        byte[] expected = written(kind.model(weights -> weights), plan, RoundedWeights.NONE);
        byte[] first = written(kind.model(weights -> weights), plan, keeping);
        byte[] second = written(kind.model(weights -> weights), plan, keeping);

        assertThat(first).isEqualTo(expected);
        assertThat(second).isEqualTo(expected);
        assertThat(found).hasValue(1);
    }

    @Test
    void othersAreRoundedToTheNearest() throws IOException {
        LowBitWeights kind = LowBitWeights.MATRIX;
        Plan plan = kind.plan(new Affine(4, false, false), Grouping.block(32));
        byte[] plain = written(kind.model(weights -> weights), plan, _ -> Optional.empty());
        Model model = kind.model(weights -> weights);
        new ModelEncoder(model, Measuring.NOTHING).encode(plan);
        Path file = folder.resolve("plain.onnx");
        OnnxWriter.write(model, file, WriteOptions.defaults());
        assertThat(plain).isEqualTo(Files.readAllBytes(file));
    }

    /** A dead channel with a bias: its scale is raised until the bias fits, its codes follow. */
    @Test
    void aGroupWhoseScaleIsTooSmallForItsBiasIsRoundedAgain() throws Exception {
        Net net = SingleOperator.LARGE_GEMM.net();
        Plan plan =
                PlanSketch.of(
                                net.model(),
                                Runs.values(net, folder),
                                new Affine(8, false, false),
                                new Affine(4, true, true),
                                Grouping.CHANNEL)
                        .plan();
        byte[] codes = new byte[161 * 172];
        Arrays.fill(codes, (byte) 7);
        float[] scales = new float[161];
        Arrays.fill(scales, 0.5f);
        scales[5] = Float.MIN_NORMAL;
        RoundedWeight rounded = new RoundedWeight(codes, scales, new int[161]);
        float[] weights = WeightSites.find(net.model()).getFirst().tensor().floats();
        EncodedWeight weight = encode(net.model(), plan, Measuring.ERRORS, rounded);
        // The bound is so small that channel 5 clips everything.
        double largest = 0;
        for (float value : weights) {
            largest = Math.max(largest, Math.abs(value - 3.5));
        }
        assertThat(weight.filler().measurement().error().maximumError())
                .isLessThanOrEqualTo(largest);
        assertThat(
                        Runs.literally(folder.resolve("small.onnx"), net.inputs()).values().stream()
                                .flatMap(values -> Stream.of(values[5])))
                .allMatch(Float::isFinite);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Affine format = new Affine(4, false, false);
        refuses(
                format,
                Grouping.CHANNEL,
                r -> new RoundedWeight(new byte[3], r.scales(), r.zeroPoints()),
                "27520 elements, but was rounded to 3 codes");
        refuses(
                format,
                Grouping.CHANNEL,
                r -> new RoundedWeight(r.codes(), new float[2], r.zeroPoints()),
                "160 groups, but was rounded with 2 scales");
        refuses(
                format,
                Grouping.CHANNEL,
                r -> {
                    r.codes()[7] = 16;
                    return r;
                },
                "element 7 of tensor 'w' was rounded to code 16; uint4 has 0 to 15");
        refuses(
                format,
                Grouping.CHANNEL,
                r -> {
                    r.scales()[2] = Float.NaN;
                    return r;
                },
                "scale NaN");
        refuses(
                format,
                Grouping.CHANNEL,
                r -> {
                    r.zeroPoints()[2] = -1;
                    return r;
                },
                "zero point -1 in group 2");
        refuses(
                format,
                Grouping.block(16).withScaleBits(8),
                r -> {
                    r.scales()[2] *= 1.001f;
                    return r;
                },
                "TwoLevelScales");
    }

    private void refuses(
            Affine format, Grouping grouping, UnaryOperator<RoundedWeight> change, String message) {
        LowBitWeights kind = LowBitWeights.MATRIX;
        RoundedWeight wrong = change.apply(anyhow(kind, format, grouping));
        assertThatThrownBy(
                        () ->
                                encode(
                                        kind.model(weights -> weights),
                                        kind.plan(format, grouping),
                                        Measuring.NOTHING,
                                        wrong))
                .isInstanceOf(EncodingException.class)
                .hasMessageContaining("tensor 'w'")
                .hasMessageContaining(message);
    }

    private EncodedWeight encode(Model model, Plan plan, Measuring measuring, RoundedWeight rounded)
            throws IOException {
        EncodedWeight weight =
                new ModelEncoder(
                                model,
                                measuring,
                                tensor ->
                                        tensor.equals("w")
                                                ? Optional.of(rounded)
                                                : Optional.empty())
                        .encode(plan)
                        .getFirst();
        OnnxWriter.write(model, folder.resolve("small.onnx"), WriteOptions.defaults());
        return weight;
    }

    private byte[] written(Model model, Plan plan, RoundedWeights rounded) throws IOException {
        new ModelEncoder(model, Measuring.NOTHING, rounded).encode(plan);
        Path file = folder.resolve("written.onnx");
        OnnxWriter.write(model, file, WriteOptions.defaults());
        return Files.readAllBytes(file);
    }

    /** Random codes, scales and zero points: nothing that any rounding would give. */
    private static RoundedWeight anyhow(LowBitWeights kind, Affine format, Grouping grouping) {
        GroupGeometry geometry = geometry(kind, grouping);
        Random random = new Random(5);
        byte[] codes = new byte[(int) geometry.elementCount()];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) (format.qmin() + random.nextInt(format.levels()));
        }
        float[] scales = new float[(int) geometry.groupCount()];
        int[] zeroPoints = new int[scales.length];
        for (int group = 0; group < scales.length; group++) {
            scales[group] = 0.1f + random.nextFloat();
            zeroPoints[group] =
                    format.symmetric() ? 0 : format.qmin() + random.nextInt(format.levels());
        }
        if (grouping.hasTwoLevels()) {
            scales = TwoLevelScales.of(scales, geometry).scales();
        }
        return new RoundedWeight(codes, scales, zeroPoints);
    }

    private static float[] dequantized(
            LowBitWeights kind, Affine format, Grouping grouping, RoundedWeight rounded) {
        GroupGeometry geometry = geometry(kind, grouping);
        float[] values = new float[rounded.codes().length];
        for (int i = 0; i < values.length; i++) {
            int group = (int) geometry.groupOf(i);
            int code = format.signed() ? rounded.codes()[i] : rounded.codes()[i] & 0xFF;
            values[i] = (code - rounded.zeroPoints()[group]) * rounded.scales()[group];
        }
        return values;
    }

    private static GroupGeometry geometry(LowBitWeights kind, Grouping grouping) {
        return WeightSites.find(kind.model(weights -> weights)).getFirst().geometry(grouping);
    }

    private static float[] original(LowBitWeights kind) throws IOException {
        return WeightSites.find(kind.model(weights -> weights)).getFirst().tensor().floats();
    }
}
