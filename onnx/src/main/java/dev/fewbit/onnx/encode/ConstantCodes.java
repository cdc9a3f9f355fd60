package dev.fewbit.onnx.encode;

import dev.fewbit.core.affine.AffineMapping;
import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.FillContext;
import dev.fewbit.onnx.graph.Pending;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.TensorFiller;
import dev.fewbit.onnx.graph.TensorReader;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The codes of a constant that is an operand like an activation (of an Add, say), computed by
 * QuantizeLinear's definition while the model is written.
 */
final class ConstantCodes implements TensorFiller {
    private static final int AT_A_TIME = 1 << 14;

    private final Tensor source;
    private final Affine format;
    private final AffineParameters parameters;
    private final Tensor codes;
    private final Pending pending;

    private ConstantCodes(Tensor source, ActivationPlan plan) {
        this.source = source;
        this.format = plan.format();
        this.parameters = plan.parameters();
        ElementType type = NarrowCodes.type(format);
        this.pending = new Pending(type.byteSize(source.elementCount()), this);
        this.codes = new Tensor(type, source.shape(), pending);
    }

    /** The codes, in the shape of the constant. */
    static Tensor of(Tensor source, ActivationPlan plan) {
        return new ConstantCodes(source, plan).codes;
    }

    @Override
    public void fill(FillContext context) throws IOException {
        long elements = source.elementCount();
        int width = NarrowCodes.stored(format).bits() / Byte.SIZE;
        float[] values = new float[(int) Math.min(AT_A_TIME, elements)];
        ByteBuffer bytes =
                ByteBuffer.allocate(values.length * width).order(ByteOrder.LITTLE_ENDIAN);
        try (TensorReader reader = source.reader()) {
            for (long first = 0; first < elements; first += values.length) {
                int count = (int) Math.min(values.length, elements - first);
                reader.readFloats(first, values, 0, count);
                bytes.clear();
                for (int i = 0; i < count; i++) {
                    int code =
                            AffineMapping.quantize(
                                    values[i], parameters.scale(), parameters.zeroPoint(), format);
                    if (width == 1) {
                        bytes.put((byte) code);
                    } else {
                        bytes.putShort((short) code);
                    }
                }
                context.write(pending, first * width, bytes.flip());
            }
        }
    }
}
