package dev.fewbit.onnx.integer;

import java.util.List;
import java.util.OptionalInt;

/** What ONNX Runtime can do for a node whose inputs and outputs are quantized. */
public sealed interface IntegerSupport {

    /**
     * The node has an integer kernel, if the values at {@code activations} come from
     * DequantizeLinear, its weight is int8 and its bias int32, and its output goes to
     * QuantizeLinear and nowhere else.
     *
     * @param activations inputs that need an {@code ActivationPlan}, constants among them (one
     *     operand of an Add, say) under their own name; all of them, and the output, in one number
     *     format
     * @param weight input that holds a constant to be encoded as {@code Encoding.INTEGER}
     * @param bias input that holds a constant to be added to the integer sums
     * @param outputOptional whether there is a kernel that gives floats, so that the output may
     *     stay without an {@code ActivationPlan}
     */
    record Kernel(
            List<Integer> activations, OptionalInt weight, OptionalInt bias, boolean outputOptional)
            implements IntegerSupport {

        /** Copies the list. */
        public Kernel {
            activations = List.copyOf(activations);
        }
    }

    /**
     * The node does to codes what it does to numbers, if input and outputs have the same number
     * format, scale and zero point.
     *
     * @param activations the input whose codes are moved
     */
    record MovesData(List<Integer> activations) implements IntegerSupport {

        /** Copies the list. */
        public MovesData {
            activations = List.copyOf(activations);
        }
    }

    /**
     * The node limits values to a range: Relu or Clip. Behind a kernel of which it is the only
     * reader it costs nothing when its output is quantized to levels that lie within the range (for
     * Relu: the zero point is the smallest code), so the value between the two needs no {@code
     * ActivationPlan}; otherwise codes are limited, which costs a little. Between two quantized
     * values with the same parameters codes are limited too.
     *
     * @param activations the input, which is 0
     * @param low smallest value of the output; may be infinite
     * @param high largest value of the output; may be infinite
     */
    record Limits(List<Integer> activations, float low, float high) implements IntegerSupport {

        /** Copies the list. */
        public Limits {
            activations = List.copyOf(activations);
        }
    }

    /**
     * There is nothing of the kind.
     *
     * @param reason why, as part of a sentence for a person
     */
    record FloatOnly(String reason) implements IntegerSupport {}
}
