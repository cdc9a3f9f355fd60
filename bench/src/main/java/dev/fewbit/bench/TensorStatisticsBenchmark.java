package dev.fewbit.bench;

import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.calibrate.ActivationRange;
import dev.fewbit.core.calibrate.ActivationRanges;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.statistics.ChannelDetail;
import dev.fewbit.core.statistics.TensorStatistics;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * What calibration adds to inference: nanoseconds for each value that is counted, from a buffer
 * outside of the heap, one thread, beside the copy of the same buffer. {@link #findRange} is the
 * exception: it is the time of one search over all that was counted, divided by {@link #VALUES}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@OperationsPerInvocation(TensorStatisticsBenchmark.VALUES)
@Fork(1)
public class TensorStatisticsBenchmark {

    /** Values of one pass. */
    static final int VALUES = 1 << 18;

    private static final Affine FORMAT = new Affine(8, false, false);

    /** What the values are: a bell, or its positive half and zeros. */
    @Param({"normal", "relu"})
    public String kind = "normal";

    private final float[] copied = new float[VALUES];
    private final FloatBuffer values =
            ByteBuffer.allocateDirect(Float.BYTES * VALUES)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
    private final TensorStatistics whole = new TensorStatistics();
    private final TensorStatistics ranges = new TensorStatistics(ChannelDetail.RANGES);
    private final TensorStatistics rows = new TensorStatistics(ChannelDetail.HISTOGRAMS);
    private final TensorStatistics columns = new TensorStatistics(ChannelDetail.HISTOGRAMS);

    /** Makes the values. */
    @Setup
    public void make() {
        Random random = new Random(1);
        for (int i = 0; i < VALUES; i++) {
            float normal = (float) random.nextGaussian();
            values.put(i, kind.equals("relu") ? Math.max(0, normal) : normal);
        }
        whole.add(values);
    }

    /** Every pass counted every value. */
    @TearDown
    public void check() {
        for (TensorStatistics each : new TensorStatistics[] {whole, ranges, rows, columns}) {
            if (each.count() % VALUES != 0) {
                throw new IllegalStateException("values were lost: " + each.count());
            }
        }
    }

    /** The bound: reading and writing once. */
    @Benchmark
    public float[] copy() {
        values.get(0, copied);
        return copied;
    }

    /** The tensor as a whole. */
    @Benchmark
    public TensorStatistics add() {
        whole.add(values);
        return whole;
    }

    /** Also the ranges and sums of channels as in convolutions. */
    @Benchmark
    public TensorStatistics addRanges() {
        ranges.addChannels(values, 1, VALUES / 1024, 1024);
        return ranges;
    }

    /** Also the histograms of channels as in convolutions. */
    @Benchmark
    public TensorStatistics addHistograms() {
        rows.addChannels(values, 1, VALUES / 1024, 1024);
        return rows;
    }

    /** Also the histograms of channels as in transformers. */
    @Benchmark
    public TensorStatistics addHistogramsOfLastAxis() {
        columns.addChannels(values, VALUES / 512, 512, 1);
        return columns;
    }

    /** A search for the least squared error. */
    @Benchmark
    public AffineParameters findRange() {
        return ActivationRanges.find(
                whole.distribution(), new ActivationRange.SquaredError(), FORMAT);
    }
}
