package dev.fewbit.train.operator;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Types of elements, and operators for those that libtorch hardly computes with. */
final class Elements {
    private Elements() {}

    /** The type of a tensor's elements, as one of the constants that can be compared. */
    static ScalarType type(Tensor tensor) {
        return tensor.scalar_type().intern();
    }

    /** Whether elements have a fraction. */
    static boolean areFloats(Tensor tensor) {
        return tensor.is_floating_point();
    }

    /** An operator that computes unsigned integers of more than 8 bits as those of 64 bits. */
    static Operator.Single widened(Operator.Single operator) {
        return call -> {
            ScalarType narrow = null;
            List<@Nullable Tensor> inputs = new ArrayList<>();
            for (int i = 0; i < call.inputs(); i++) {
                Tensor input = call.inputOrNull(i);
                if (input != null && isWideUnsigned(type(input))) {
                    narrow = type(input);
                    input = widened(call, input, i);
                }
                inputs.add(input);
            }
            if (narrow == null) {
                return operator.run(call);
            }
            Tensor result = operator.run(call.with(inputs));
            return type(result) == ScalarType.Long ? result.to(narrow) : result;
        };
    }

    private static Tensor widened(Call call, Tensor input, int index) {
        Tensor wide = input.to(ScalarType.Long);
        if (type(input) == ScalarType.UInt64
                && wide.numel() > 0
                && torch.min(wide).item_long() < 0) {
            throw call.failure(
                    "has elements of 2^63 or more in its input %d; such integers cannot be"
                                    .formatted(index)
                            + " computed with here");
        }
        return wide;
    }

    private static boolean isWideUnsigned(ScalarType type) {
        return type == ScalarType.UInt16 || type == ScalarType.UInt32 || type == ScalarType.UInt64;
    }
}
