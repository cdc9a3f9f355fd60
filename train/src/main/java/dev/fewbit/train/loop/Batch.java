package dev.fewbit.train.loop;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Samples that a network sees together.
 *
 * @param inputs in the order of the network's inputs
 * @param classes what it should answer, an integer for each sample; null where nothing says so
 */
public record Batch(List<Tensor> inputs, @Nullable Tensor classes) implements AutoCloseable {

    /** Number of samples. */
    public long size() {
        return inputs.getFirst().dim() == 0 ? 1 : inputs.getFirst().size(0);
    }

    @Override
    public void close() {
        inputs.forEach(Tensor::close);
        if (classes != null) {
            classes.close();
        }
    }
}
