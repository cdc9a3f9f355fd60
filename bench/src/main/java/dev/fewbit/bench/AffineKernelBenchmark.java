package dev.fewbit.bench;

import dev.fewbit.core.affine.AffineMapping;
import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.affine.RangeMethod.LeastSquares;
import dev.fewbit.core.affine.RangeMethod.MinMax;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.kernel.AffineKernels;
import dev.fewbit.core.quantize.BandQuantizer;
import dev.fewbit.core.quantize.QuantizedBand;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * The affine kernels, scalar and vector, beside the copy of an array that bounds them. Times are of
 * one pass over all elements, one thread. {@link AffineKernelReport} runs them and prints GB/s.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class AffineKernelBenchmark {

    private static final Affine INT8 = new Affine(8, true, true);
    private static final Affine INT4 = new Affine(4, true, true);

    /** Elements of a channel, of a column and of a band of both. */
    private static final int CHANNEL = 1024;

    private static final int BAND = 64 * CHANNEL;
    private static final int BLOCK = 32;
    private static final float SCALE = 0.04f;

    /** Elements: a band that the second cache holds, or more than all caches hold. */
    @Param({"65536", "33554432"})
    public int elements;

    /** Which kernels. */
    @Param({"scalar", "vector"})
    public String backend = "vector";

    private AffineKernels kernels = AffineKernels.scalar();
    private float[] values = {};
    private float[] copies = {};
    private byte[] codes = {};
    private final float[] minima = new float[CHANNEL];
    private final float[] maxima = new float[CHANNEL];
    private final float[] scales = new float[CHANNEL];
    private final int[] zeroPoints = new int[CHANNEL];
    private final QuantizedBand int8 = new QuantizedBand(INT8);
    private final QuantizedBand int4 = new QuantizedBand(INT4);

    /** Draws the values. */
    @Setup
    public void draw() {
        kernels =
                switch (backend) {
                    case "scalar" -> AffineKernels.scalar();
                    case "vector" -> AffineKernels.vector().orElseThrow();
                    default ->
                            throw new IllegalArgumentException(
                                    "backend is scalar or vector, got " + backend);
                };
        Random random = new Random(1);
        values = new float[elements];
        for (int i = 0; i < elements; i++) {
            values[i] = (float) random.nextGaussian();
        }
        copies = new float[elements];
        codes = new byte[elements];
        Arrays.fill(scales, SCALE);
    }

    /** Checks the answers: the fastest kernel of all does nothing. */
    @TearDown
    public void check() {
        quantizeRows();
        AffineMapping mapping = new AffineMapping(INT8, new AffineParameters(SCALE, 0));
        for (int i = 0; i < elements; i++) {
            if (codes[i] != mapping.quantize(values[i])) {
                throw new AssertionError(
                        "element %d is %d, expected %d"
                                .formatted(i, codes[i], mapping.quantize(values[i])));
            }
        }
        rangeRows();
        for (int i = 0; i < CHANNEL; i++) {
            float value = values[elements - CHANNEL + i];
            int row = (elements / CHANNEL - 1) % CHANNEL;
            if (value < minima[row] || value > maxima[row]) {
                throw new AssertionError("%s is beyond the range".formatted(value));
            }
        }
    }

    /** The bound: reads and writes every element. */
    @Benchmark
    public float[] copy() {
        System.arraycopy(values, 0, copies, 0, elements);
        return copies;
    }

    /** Ranges of rows. */
    @Benchmark
    public float[] rangeRows() {
        for (int row = 0; row < elements / CHANNEL; row++) {
            kernels.rangeRow(values, row * CHANNEL, CHANNEL, minima, maxima, row % CHANNEL);
        }
        return minima;
    }

    /** Codes of rows with given parameters. */
    @Benchmark
    public byte[] quantizeRows() {
        for (int at = 0; at < elements; at += CHANNEL) {
            kernels.quantizeRow(values, at, CHANNEL, SCALE, 0, INT8, codes, at);
        }
        return codes;
    }

    /** Codes of columns with given parameters. */
    @Benchmark
    public byte[] quantizeColumns() {
        for (int at = 0; at < elements; at += BAND) {
            kernels.quantizeColumns(
                    values,
                    at,
                    BAND / CHANNEL,
                    CHANNEL,
                    CHANNEL,
                    scales,
                    zeroPoints,
                    0,
                    INT8,
                    codes,
                    at);
        }
        return codes;
    }

    /** Range and codes of every channel, as a weight is quantized that is stored by channels. */
    @Benchmark
    public byte[] quantizeChannels() {
        for (int at = 0; at < elements; at += CHANNEL) {
            kernels.rangeRow(values, at, CHANNEL, minima, maxima, 0);
            AffineParameters parameters = AffineParameters.of(minima[0], maxima[0], INT8);
            kernels.quantizeRow(
                    values,
                    at,
                    CHANNEL,
                    parameters.scale(),
                    parameters.zeroPoint(),
                    INT8,
                    codes,
                    at);
        }
        return codes;
    }

    /** All of a band: ranges, codes and what they cost. */
    @Benchmark
    public double bandMinMaxInt8() {
        return bands(new BandQuantizer(INT8, new MinMax(), kernels), CHANNEL, int8);
    }

    /** All of a band of blocks of 32 with 4 bits and a search. */
    @Benchmark
    public double bandLeastSquaresInt4() {
        return bands(new BandQuantizer(INT4, new LeastSquares(), kernels), BLOCK, int4);
    }

    private double bands(BandQuantizer quantizer, int group, QuantizedBand band) {
        double error = 0;
        for (int at = 0; at < elements; at += BAND) {
            quantizer.quantizeColumns(values, at, CHANNEL, 64, 64, group, band);
            error += band.error().errorSquares();
        }
        return error;
    }
}
