package dev.fewbit.onnx.graph;

import java.io.IOException;

/**
 * Produces the bytes of one or several {@link Pending} tensors (codes, scales and zero points of
 * one weight, say) while the model is written. It is run exactly once per write, on one of the
 * writer's threads, and must write every byte of every pending tensor that names it exactly once,
 * in any order. A model may be written several times.
 */
@FunctionalInterface
public interface TensorFiller {

    /**
     * Writes all bytes of this filler's pending tensors.
     *
     * @throws IOException when the source cannot be read or the target cannot be written; the write
     *     is then undone
     */
    void fill(FillContext context) throws IOException;
}
