package dev.fewbit.onnx.encode;

import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.FillContext;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Pending;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.TensorFiller;
import dev.fewbit.onnx.graph.Value;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * A bias whose scales are known only when the weight beside it has been quantized, while the model
 * is written.
 */
final class BiasFilling {
    private final IntegerBias bias;
    private final boolean perChannel;
    private final Pending codes;
    private final Pending scales;

    /**
     * @param filler who calls {@link #fill}
     */
    BiasFilling(IntegerBias bias, WeightPlan weight, TensorFiller filler) {
        this.bias = bias;
        this.perChannel = !weight.grouping().equals(Grouping.TENSOR);
        this.codes = new Pending((long) bias.count() * Integer.BYTES, filler);
        this.scales = new Pending((long) scaleCount() * Float.BYTES, filler);
    }

    IntegerBias bias() {
        return bias;
    }

    /** Lets the node read {@code DequantizeLinear(codes, scale)}. */
    void connect() {
        Graph graph = Objects.requireNonNull(bias.node().graph());
        Value codeValue =
                graph.addInitializer(
                        graph.freshName(bias.name() + ".codes"),
                        new Tensor(ElementType.INT32, bias.shape(), codes));
        Value scaleValue =
                graph.addInitializer(
                        graph.freshName(bias.name() + ".scale"),
                        new Tensor(
                                ElementType.FLOAT,
                                perChannel ? new long[] {scaleCount()} : new long[0],
                                scales));
        bias.connect(codeValue, scaleValue, perChannel);
    }

    void fill(FillContext context, GroupParameters weight) throws IOException {
        ByteBuffer codeBytes = littleEndian(bias.count() * Integer.BYTES);
        for (int i = 0; i < bias.count(); i++) {
            int group = perChannel ? i % bias.channels() : 0;
            codeBytes.putInt(IntegerBias.code(bias.value(i), bias.scale(weight.scale(group))));
        }
        ByteBuffer scaleBytes = littleEndian(scaleCount() * Float.BYTES);
        for (int group = 0; group < scaleCount(); group++) {
            scaleBytes.putFloat(bias.scale(weight.scale(group)));
        }
        context.write(codes, 0, codeBytes.flip());
        context.write(scales, 0, scaleBytes.flip());
    }

    private int scaleCount() {
        return perChannel ? bias.channels() : 1;
    }

    private static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
