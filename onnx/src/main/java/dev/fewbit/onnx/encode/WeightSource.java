package dev.fewbit.onnx.encode;

import dev.fewbit.core.quantize.NonFiniteValueException;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.TensorReader;
import dev.fewbit.onnx.weight.WeightSite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** Reads pieces of a float weight, and says where a value is that cannot be quantized. */
final class WeightSource {
    private final String name;
    private final Tensor tensor;

    WeightSource(WeightSite site) {
        this.name = site.name();
        this.tensor = site.tensor();
    }

    /** Adjacent elements; they stand at the beginning of the scratch array that is returned. */
    float[] read(long firstElement, int count, ScratchPool.Scratch scratch) throws IOException {
        float[] values = scratch.values(count);
        try (TensorReader reader = tensor.reader()) {
            reader.readFloats(firstElement, values, 0, count);
        }
        return values;
    }

    /** {@link #read} where no IOException can be thrown. */
    float[] readUnchecked(long firstElement, int count, ScratchPool.Scratch scratch) {
        try {
            return read(firstElement, count, scratch);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * {@code count} elements of each of {@code depth} rows that are {@code stride} elements apart,
     * without gaps.
     */
    float[] readColumns(
            long firstElement, int depth, int count, int stride, ScratchPool.Scratch scratch)
            throws IOException {
        if (count == stride) {
            return read(firstElement, Math.multiplyExact(depth, count), scratch);
        }
        float[] values = scratch.values(Math.multiplyExact(depth, count));
        try (TensorReader reader = tensor.reader()) {
            for (int row = 0; row < depth; row++) {
                reader.readFloats(firstElement + (long) row * stride, values, row * count, count);
            }
        }
        return values;
    }

    /**
     * Quantizes what {@link #readColumns} read, or with {@code count == stride} what {@link #read}
     * did.
     *
     * @throws EncodingException naming the element that is not finite
     */
    void locating(long firstElement, int count, int stride, Runnable quantization) {
        try {
            quantization.run();
        } catch (NonFiniteValueException bad) {
            long element = firstElement + bad.index() / count * stride + bad.index() % count;
            throw new EncodingException(
                    "tensor '%s' holds %s at %s; only finite weights can be quantized: repair the model, or leave the tensor out with a plan"
                            .formatted(name, bad.value(), Arrays.toString(indexOf(element))));
        }
    }

    private long[] indexOf(long element) {
        long[] shape = tensor.shape();
        long[] index = new long[shape.length];
        long rest = element;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            index[axis] = rest % shape[axis];
            rest /= shape[axis];
        }
        return index;
    }
}
