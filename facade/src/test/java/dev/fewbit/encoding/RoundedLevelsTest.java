package dev.fewbit.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.Codebook.Entries;
import dev.fewbit.core.format.LevelFormat;
import dev.fewbit.core.format.MidRise;
import dev.fewbit.core.format.PowersOfTwo;
import dev.fewbit.core.format.PowersOfTwo.Base;
import dev.fewbit.core.level.LevelTable;
import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.core.quantize.LevelScaling;
import dev.fewbit.core.quantize.RoundedWeight;
import dev.fewbit.core.quantize.TwoLevelScales;
import dev.fewbit.core.statistics.ErrorStatistics;
import dev.fewbit.encoding.NetBuilder.Net;
import dev.fewbit.onnx.encode.EncodedWeight;
import dev.fewbit.onnx.encode.EncodingException;
import dev.fewbit.onnx.encode.EncodingRules;
import dev.fewbit.onnx.encode.ModelEncoder;
import dev.fewbit.onnx.encode.WeightMeasurement;
import dev.fewbit.onnx.encode.WeightSize;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.io.WriteOptions;
import dev.fewbit.onnx.weight.WeightSite;
import dev.fewbit.onnx.weight.WeightSites;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Weights that something else has rounded to the levels of tables are stored as they are. */
class RoundedLevelsTest {
    private static final Codebook LEARNED = new Codebook(4);

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
                                        Arguments.of(kind, LEARNED, Grouping.TENSOR),
                                        Arguments.of(
                                                kind,
                                                new Codebook(3, Entries.INT8),
                                                Grouping.CHANNEL),
                                        Arguments.of(kind, new MidRise(2), Grouping.block(16)),
                                        Arguments.of(
                                                kind,
                                                new PowersOfTwo(4, Base.TWO),
                                                Grouping.TENSOR),
                                        Arguments.of(
                                                kind,
                                                LEARNED,
                                                Grouping.block(64).withScaleBits(8))));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("cases")
    void areStoredAsTheyAre(LowBitWeights kind, LevelFormat format, Grouping grouping)
            throws IOException {
        WeightSite site = site(kind);
        RoundedWeight rounded = anyhow(site, format, grouping);
        EncodedWeight weight = encode(kind, format, grouping, Measuring.DISTRIBUTIONS, rounded);

        float[] quantized = DequantizedReference.dequantized(rounded, site, format, grouping);
        Path reference = folder.resolve("rounded.onnx");
        OnnxWriter.write(kind.model(_ -> quantized), reference, WriteOptions.defaults());
        Map<String, float[]> actual = Runs.literally(folder.resolve("small.onnx"), kind.inputs());
        Runs.literally(reference, kind.inputs())
                .forEach((name, values) -> assertThat(actual.get(name)).isEqualTo(values));

        ErrorStatistics expected = ErrorStatistics.between(site.tensor().floats(), quantized);
        WeightMeasurement measured = weight.filler().measurement();
        // Sums of doubles in another order.
        assertThat(measured.error().errorSquares())
                .isCloseTo(expected.errorSquares(), within(1e-12 * expected.errorSquares()));
        assertThat(measured.error().maximumError()).isEqualTo(expected.maximumError());
        assertThat(measured.levels()).hasSize(format.levelCount()).isSorted();
        assertThat(weight.quantizedBytes())
                .isEqualTo(
                        WeightSize.bytes(site, kind.plan(format, grouping).weights().getFirst()));
    }

    /** The group whose scale is typical, upside down where that is negative. */
    @Test
    void typicalLevelsAreThoseOfTheScaleInTheMiddle() throws IOException {
        LowBitWeights kind = LowBitWeights.MATRIX;
        PowersOfTwo format = new PowersOfTwo(3, Base.TWO);
        RoundedWeight rounded = anyhow(site(kind), format, Grouping.CHANNEL);
        for (int group = 0; group < rounded.scales().length; group++) {
            rounded.scales()[group] = group % 2 == 0 ? 100 + group : -1 - 0.001f * group;
        }
        rounded.scales()[0] = -50;
        EncodedWeight weight = encode(kind, format, Grouping.CHANNEL, Measuring.ERRORS, rounded);
        // 80 magnitudes are smaller and 79 larger.
        assertThat(weight.filler().measurement().levels())
                .containsExactly(-400f, -200f, -100f, 0f, 50f, 100f, 200f, 400f);
    }

    /** A dead channel with a bias: its scale is raised, its sign kept, and its codes follow. */
    @Test
    void aGroupWhoseScaleIsTooSmallForItsBiasIsRoundedAgain() throws Exception {
        Net net = SingleOperator.LARGE_GEMM.net();
        PowersOfTwo format = new PowersOfTwo(4, Base.TWO);
        PlanSketch sketch =
                PlanSketch.of(
                        net.model(),
                        Runs.values(net, folder),
                        PlanSketch.UNSIGNED,
                        format,
                        Grouping.CHANNEL);
        RoundedWeight rounded =
                anyhow(WeightSites.find(net.model()).getFirst(), format, Grouping.CHANNEL);
        rounded.scales()[5] = -Float.MIN_NORMAL;
        new ModelEncoder(net.model(), Measuring.NOTHING, name -> given(name, rounded))
                .encode(sketch.plan());
        Path small = folder.resolve("small.onnx");
        OnnxWriter.write(net.model(), small, WriteOptions.defaults());
        Runs.literally(small, net.inputs())
                .values()
                .forEach(
                        values -> {
                            for (float value : values) {
                                assertThat(value).isFinite();
                            }
                        });
    }

    @Test
    void whatDoesNotFitIsRefused() {
        refuses(
                LEARNED,
                Grouping.CHANNEL,
                r -> new RoundedWeight(new byte[3], r.scales(), new int[0], r.tables()),
                "27520 elements, but was rounded to 3 codes");
        refuses(
                LEARNED,
                Grouping.TENSOR,
                r -> new RoundedWeight(r.codes(), new float[] {1}, new int[0], r.tables()),
                "0 groups with scales, but was rounded to 1 scales");
        refuses(
                LEARNED,
                Grouping.CHANNEL,
                r -> new RoundedWeight(r.codes(), r.scales(), new int[160], r.tables()),
                "0 groups with zero points, but was rounded to 160 zero points");
        refuses(
                LEARNED,
                Grouping.CHANNEL,
                r -> new RoundedWeight(r.codes(), r.scales(), new int[0], List.of()),
                "4 learned tables, but was rounded to 0 tables");
        refuses(
                new MidRise(4),
                Grouping.CHANNEL,
                r ->
                        new RoundedWeight(
                                r.codes(),
                                r.scales(),
                                new int[0],
                                List.of(LevelTable.of(new float[16]))),
                "0 learned tables, but was rounded to 1 tables");
        refuses(
                LEARNED,
                Grouping.block(16),
                r ->
                        new RoundedWeight(
                                r.codes(),
                                r.scales(),
                                new int[0],
                                r.tables().stream().map(_ -> LevelTable.of(new float[8])).toList()),
                "codebook-4 expects 16 levels");
        refuses(
                new Codebook(1, Entries.INT8),
                Grouping.TENSOR,
                r ->
                        new RoundedWeight(
                                r.codes(), r.scales(), new int[0], List.of(LevelTable.of(0, 0.5f))),
                "codebook-1-int8 expects 2 levels, integers from -128 to 127");
        refuses(
                LEARNED,
                Grouping.CHANNEL,
                r -> {
                    r.codes()[7] = 16;
                    return r;
                },
                "element 7 of tensor 'w' was rounded to code 16; codebook-4 has 0 to 15");
        refuses(
                LEARNED,
                Grouping.CHANNEL,
                r -> {
                    r.scales()[2] = 0;
                    return r;
                },
                "scale 0.0 in group 2; codebook-4 expects a finite nonzero number");
        refuses(
                LEARNED,
                Grouping.block(16).withScaleBits(8),
                r -> {
                    r.scales()[2] = -1;
                    return r;
                },
                "scale -1.0 in group 2; codebook-4 expects a finite positive number");
        refuses(
                LEARNED,
                Grouping.block(16).withScaleBits(8),
                r -> {
                    r.scales()[2] *= 1.001f;
                    return r;
                },
                "TwoLevelScales");
    }

    /** What has no integers is for float kernels. */
    @Test
    void kernelsThatTakeIntegersRefuseOtherLevels() {
        WeightSite site = site(LowBitWeights.MATRIX);
        for (Encoding encoding :
                List.of(Encoding.DEQUANTIZED_MATMUL, Encoding.DYNAMIC_MATMUL, Encoding.INTEGER)) {
            assertThat(obstacle(site, encoding, LEARNED, Grouping.CHANNEL))
                    .hasValueSatisfying(
                            text -> assertThat(text).contains("codebook-4", "entries may be int8"));
            assertThat(
                            obstacle(
                                    site,
                                    encoding,
                                    new PowersOfTwo(4, Base.ROOT_OF_TWO),
                                    Grouping.TENSOR))
                    .hasValueSatisfying(text -> assertThat(text).contains("root2-4"));
            assertThat(obstacle(site, encoding, new Codebook(4, Entries.INT8), Grouping.CHANNEL))
                    .isEmpty();
        }
        assertThat(obstacle(site, Encoding.INTEGER, new MidRise(2), Grouping.block(16)))
                .hasValueSatisfying(text -> assertThat(text).contains("not blocks"));
        assertThat(obstacle(site, Encoding.FOLDED, LEARNED, Grouping.block(20))).isEmpty();
    }

    private static Optional<String> obstacle(
            WeightSite site, Encoding encoding, LevelFormat format, Grouping grouping) {
        return EncodingRules.obstacle(site, site.uses().getFirst(), encoding, format, grouping);
    }

    private void refuses(
            LevelFormat format,
            Grouping grouping,
            UnaryOperator<RoundedWeight> change,
            String message) {
        LowBitWeights kind = LowBitWeights.MATRIX;
        RoundedWeight wrong = change.apply(anyhow(site(kind), format, grouping));
        assertThatThrownBy(() -> encode(kind, format, grouping, Measuring.NOTHING, wrong))
                .isInstanceOf(EncodingException.class)
                .hasMessageContaining("tensor 'w'")
                .hasMessageContaining(message);
    }

    private EncodedWeight encode(
            LowBitWeights kind,
            LevelFormat format,
            Grouping grouping,
            Measuring measuring,
            RoundedWeight rounded)
            throws IOException {
        Model model = kind.model(weights -> weights);
        EncodedWeight weight =
                new ModelEncoder(model, measuring, name -> given(name, rounded))
                        .encode(kind.plan(format, grouping))
                        .getFirst();
        OnnxWriter.write(model, folder.resolve("small.onnx"), WriteOptions.defaults());
        return weight;
    }

    private static Optional<RoundedWeight> given(String name, RoundedWeight rounded) {
        return name.equals("w") ? Optional.of(rounded) : Optional.empty();
    }

    /** Random codes, scales and tables: nothing that any rounding would give. */
    private static RoundedWeight anyhow(WeightSite site, LevelFormat format, Grouping grouping) {
        GroupGeometry geometry = site.geometry(grouping);
        Random random = new Random(5);
        byte[] codes = new byte[(int) geometry.elementCount()];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) random.nextInt(format.levelCount());
        }
        LevelScaling scaling = LevelScaling.of(format, grouping);
        float[] scales = new float[scaling.scales(geometry)];
        for (int group = 0; group < scales.length; group++) {
            boolean negative = scaling == LevelScaling.SIGNED && random.nextBoolean();
            scales[group] = (negative ? -1 : 1) * (0.1f + random.nextFloat());
        }
        if (grouping.hasTwoLevels()) {
            scales = TwoLevelScales.of(scales, geometry).scales();
        }
        List<LevelTable> tables = new ArrayList<>();
        if (format instanceof Codebook) {
            for (int t = 0; t < site.tables(format, grouping).tables(); t++) {
                float[] levels = new float[format.levelCount()];
                for (int i = 0; i < levels.length; i++) {
                    levels[i] =
                            format.integral()
                                    ? random.nextInt(255) - 127
                                    : (float) random.nextGaussian();
                }
                Arrays.sort(levels);
                tables.add(LevelTable.of(levels));
            }
        }
        return new RoundedWeight(codes, scales, new int[0], tables);
    }

    private static WeightSite site(LowBitWeights kind) {
        return WeightSites.find(kind.model(weights -> weights)).getFirst();
    }
}
