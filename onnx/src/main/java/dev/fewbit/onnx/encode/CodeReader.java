package dev.fewbit.onnx.encode;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Value;

/**
 * Adds the nodes that make numbers of stored codes. They all compute with constants, so the runtime
 * runs them when it loads the model, before it looks for groups that make a kernel.
 */
sealed interface CodeReader permits AffineReader, LevelReader {

    /**
     * Numbers as floats: values are their differences to the zero points, times the scales.
     *
     * @param shape shape to give to them
     */
    Value floats(long... shape);

    /** What {@link #floats} counts from, where there are no zero points. */
    float middle();

    /**
     * Numbers as integers that count from 0, in the shape of the weight, or {@code [K, N]} if they
     * are stored as a matrix. Where there are no zero points only.
     *
     * @param type a signed type that is wide enough
     */
    Value integers(ElementType type);

    /** Integers as a DequantizeLinear reads them, in the same shape, counted from zero points. */
    Value operand();
}
