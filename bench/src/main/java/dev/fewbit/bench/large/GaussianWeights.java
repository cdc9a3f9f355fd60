package dev.fewbit.bench.large;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.FillContext;
import dev.fewbit.onnx.graph.Pending;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.TensorFiller;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Normally distributed weights with a few outliers, as trained transformers have them, which come
 * into being while they are written.
 *
 * <p>One weight in {@value #OUTLIER_EVERY} is {@value #OUTLIER_FACTOR} times larger. Each chunk has
 * a generator of its own, seeded by the seed, the tensor's number and the chunk's, so that the
 * bytes do not depend on the number of threads.
 */
final class GaussianWeights implements TensorFiller {
    static final int OUTLIER_EVERY = 1024;
    static final float OUTLIER_FACTOR = 6;

    private static final int CHUNK = 1 << 18;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final long count;
    private final float deviation;
    private final long seed;
    private @Nullable Pending target;

    private GaussianWeights(long count, float deviation, long seed) {
        this.count = count;
        this.deviation = deviation;
        this.seed = seed;
    }

    /**
     * A tensor of such weights.
     *
     * @param shape its dimensions
     * @param deviation standard deviation of the weights that are no outliers
     * @param seed of the whole model
     * @param number of the tensor in the model; no two have the same
     */
    static Tensor tensor(long[] shape, float deviation, long seed, int number) {
        long count = Tensor.elementCount(shape);
        GaussianWeights weights = new GaussianWeights(count, deviation, mix(mix(seed) + number));
        Pending pending = new Pending(count * Float.BYTES, weights);
        weights.target = pending;
        return new Tensor(ElementType.FLOAT, shape, pending);
    }

    @Override
    public void fill(FillContext context) throws IOException {
        Pending pending = Objects.requireNonNull(target);
        int chunks = Math.toIntExact((count + CHUNK - 1) / CHUNK);
        context.parallel(
                chunks,
                index -> context.write(pending, (long) index * CHUNK * Float.BYTES, chunk(index)));
    }

    private ByteBuffer chunk(int index) {
        int length = (int) Math.min(CHUNK, count - (long) index * CHUNK);
        SplittableRandom random = new SplittableRandom(mix(seed + index));
        ByteBuffer bytes = ByteBuffer.allocate(length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < length; i++) {
            float weight = (float) random.nextGaussian() * deviation;
            boolean outlier = random.nextInt(OUTLIER_EVERY) == 0;
            bytes.putFloat(outlier ? weight * OUTLIER_FACTOR : weight);
        }
        return bytes.flip();
    }

    /** Spreads neighbouring numbers over all of {@code long}: the finalizer of MurmurHash3. */
    private static long mix(long value) {
        long z = value * MIX;
        z = (z ^ (z >>> 33)) * 0xff51afd7ed558ccdL;
        z = (z ^ (z >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return z ^ (z >>> 33);
    }
}
