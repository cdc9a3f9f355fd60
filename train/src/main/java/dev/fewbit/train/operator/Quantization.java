package dev.fewbit.train.operator;

import dev.fewbit.train.torch.Tensors;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/**
 * Floats to integers and back, so that networks run that are quantized already. Rounding lets no
 * gradients pass.
 */
final class Quantization {
    private Quantization() {}

    static void addTo(Operators.Taker all) {
        all.single("QuantizeLinear", Quantization::quantize);
        all.single("DequantizeLinear", Quantization::dequantize);
        all.take("DynamicQuantizeLinear", Quantization::quantizeByRange);
    }

    private static Tensor quantize(Call call) {
        Tensor x = call.input(0);
        Tensor scale = spread(call, call.input(1)).to(x.scalar_type());
        Tensor zero = call.has(2) ? spread(call, call.input(2)).to(ScalarType.Float) : null;
        return rounded(x.div(scale), zero, target(call), call);
    }

    private static Tensor rounded(
            Tensor scaled, @Nullable Tensor zero, ScalarType type, Call call) {
        Tensor whole = torch.round(scaled).to(ScalarType.Float);
        Tensor moved = zero == null ? whole : whole.add(zero);
        long[] range = range(type, call);
        Tensor clamped =
                torch.clamp(
                        moved,
                        new ScalarOptional(new Scalar(range[0])),
                        new ScalarOptional(new Scalar(range[1])));
        return clamped.to(ScalarType.Int).to(type);
    }

    /** The type of the result: that of the zero point, or what the attribute says. */
    private static ScalarType target(Call call) {
        if (call.has(2)) {
            return call.input(2).scalar_type().intern();
        }
        int code = Math.toIntExact(call.node().intAttribute("output_dtype", 0));
        return switch (code) {
            case 0, 2 -> ScalarType.Byte;
            case 3 -> ScalarType.Char;
            case 4 -> ScalarType.UInt16;
            case 5 -> ScalarType.Short;
            default ->
                    throw call.failure(
                            "has output_dtype %d; integers of 8 and 16 bits (2 to 5) are supported"
                                    .formatted(code));
        };
    }

    private static long[] range(ScalarType type, Call call) {
        return switch (type) {
            case Byte -> new long[] {0, 255};
            case Char -> new long[] {-128, 127};
            case UInt16 -> new long[] {0, 65535};
            case Short -> new long[] {-32768, 32767};
            default ->
                    throw call.failure(
                            "has a zero point of type %s; integers of 8 and 16 bits are supported"
                                    .formatted(type));
        };
    }

    private static Tensor dequantize(Call call) {
        Tensor scale = spread(call, call.input(1));
        Tensor codes = call.input(0).to(ScalarType.Int);
        if (call.has(2)) {
            codes = codes.sub(spread(call, call.input(2).to(ScalarType.Int)));
        }
        Tensor y = codes.to(scale.scalar_type()).mul(scale);
        int code = Math.toIntExact(call.node().intAttribute("output_dtype", 0));
        return code == 0 ? y : y.to(floats(code, call));
    }

    private static ScalarType floats(int code, Call call) {
        return switch (code) {
            case 1 -> ScalarType.Float;
            case 10 -> ScalarType.Half;
            case 16 -> ScalarType.BFloat16;
            default -> throw call.failure("has output_dtype %d, which is no float".formatted(code));
        };
    }

    /**
     * A scale or zero point in a shape that fits the first input: one, one per channel or block.
     */
    private static Tensor spread(Call call, Tensor parameter) {
        if (parameter.numel() == 1) {
            return parameter.reshape(new long[0]);
        }
        long[] shape = Tensors.shape(call.input(0));
        int axis = call.axis(call.node().intAttribute("axis", 1), shape.length);
        if (parameter.dim() == 1) {
            long[] channels = new long[shape.length];
            Arrays.fill(channels, 1);
            channels[axis] = -1;
            return parameter.reshape(channels);
        }
        long block = call.node().intAttribute("block_size", 0);
        if (block == 0) {
            throw call.failure(
                    "has scales of shape %s, but no block_size"
                            .formatted(Arrays.toString(Tensors.shape(parameter))));
        }
        // The last block may be shorter.
        return parameter
                .repeat_interleave(block, new LongOptional(axis), new LongOptional())
                .narrow(axis, 0, shape[axis]);
    }

    /** All 256 codes between the least and the greatest element, zero among them. */
    private static List<Tensor> quantizeByRange(Call call) {
        Tensor x = call.input(0);
        ScalarOptional zero = new ScalarOptional(new Scalar(0));
        Tensor least = torch.clamp(torch.min(x), new ScalarOptional(), zero);
        Tensor greatest = torch.clamp(torch.max(x), zero, new ScalarOptional());
        Tensor scale = greatest.sub(least).div(new Scalar(255));
        // Any scale will do for zeros only.
        scale = scale.masked_fill(scale.eq(new Scalar(0)), new Scalar(1));
        Tensor zeroPoint = rounded(least.neg().div(scale), null, ScalarType.Byte, call);
        Tensor codes = rounded(x.div(scale), zeroPoint.to(ScalarType.Float), ScalarType.Byte, call);
        return List.of(codes, scale, zeroPoint);
    }
}
