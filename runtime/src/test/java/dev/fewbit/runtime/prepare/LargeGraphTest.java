package dev.fewbit.runtime.prepare;

import static dev.fewbit.core.plan.Preparation.EQUALIZE;
import static dev.fewbit.core.plan.Preparation.FOLD_BATCH_NORM;
import static dev.fewbit.core.plan.Preparation.FOLD_CONSTANTS;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxWriter;

import org.junit.jupiter.api.Test;

import java.io.IOException;

class LargeGraphTest {

    /** A network as exporters write it, twelve nodes to a block. */
    private static Sketch network(int blocks) {
        Sketch sketch = new Sketch();
        Value value = sketch.input("x", "N", 4, 6, 6);
        for (int block = 0; block < blocks; block++) {
            Value before = value;
            Value w = sketch.constant("w" + block, weights(block, 4, 4, 1, 1));
            value = sketch.node("Conv", "a" + block, value, w);
            value = sketch.batchNorm("n" + block, value, 4);
            value = sketch.node("Relu", "r" + block, value);
            Value deep = sketch.constant("d" + block, weights(block + 1, 4, 1, 1, 1));
            value = sketch.node("Conv", "e" + block, n -> n.setAttribute("group", 4L), value, deep);
            value = sketch.batchNorm("m" + block, value, 4);
            value = sketch.node("Sigmoid", "s" + block, value);
            Value shape = sketch.node("Shape", "shape" + block, value);
            value = sketch.node("Reshape", "q" + block, value, shape);
            value = sketch.node("Identity", "i" + block, value);
            value = sketch.node("Add", "y" + block, value, before);
        }
        return sketch.output(value);
    }

    private static Tensor weights(int seed, long... shape) {
        float[] values = new float[(int) Tensor.elementCount(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(i + seed);
        }
        return Tensor.ofFloats(shape, values);
    }

    @Test
    void shrinksToWhatItComputesAndAlwaysToTheSameBytes() throws IOException {
        Model before = network(200).model();
        assertThat(before.graph().nodes()).hasSize(2400);
        Model first = Sketch.copy(before);
        Sketch.prepare(first, FOLD_CONSTANTS, FOLD_BATCH_NORM, EQUALIZE);
        assertThat(first.graph().nodes()).hasSize(1000);
        Model second = Sketch.copy(before);
        Sketch.prepare(second, EQUALIZE, FOLD_CONSTANTS, FOLD_BATCH_NORM);
        assertThat(OnnxWriter.toBytes(first)).isEqualTo(OnnxWriter.toBytes(second));
    }

    @Test
    void computesTheSame() {
        Model before = network(20).model();
        Model after = Sketch.copy(before);
        Sketch.prepare(after, FOLD_CONSTANTS, FOLD_BATCH_NORM, EQUALIZE);
        Equivalence.assertSame(before, after);
    }
}
