package dev.fewbit.onnx.encode;

import dev.fewbit.onnx.graph.FillContext;

import java.io.IOException;

/**
 * Takes codes in the order of the float weight, in pieces and from several threads, and puts them
 * where they belong.
 */
interface CodeSink {

    /**
     * Takes a piece. Pieces begin and end at a row of the weight's last axis, or where the caller
     * knows the sink allows it.
     *
     * @param codes one code per byte
     * @param from index of the first
     * @param count number of codes
     * @param firstElement where the first belongs, as an index into the flat weight
     */
    void accept(byte[] codes, int from, int count, long firstElement) throws IOException;

    /** Called once after the last piece. */
    default void finish(FillContext context) throws IOException {}
}
