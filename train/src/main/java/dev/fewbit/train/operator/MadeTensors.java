package dev.fewbit.train.operator;

import dev.fewbit.onnx.graph.Attribute;
import dev.fewbit.onnx.graph.AttributeValue;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.train.torch.Tensors;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

import java.io.IOException;
import java.util.Arrays;
import java.util.stream.LongStream;

/** Tensors made of little: constants, ranges, diagonals, one-hot codes. */
final class MadeTensors {
    private MadeTensors() {}

    static void addTo(Operators.Taker all) {
        all.single("Constant", MadeTensors::constant);
        all.single("ConstantOfShape", MadeTensors::constantOfShape);
        all.single("Range", Elements.widened(MadeTensors::range));
        all.single("EyeLike", MadeTensors::diagonal);
        all.single("OneHot", MadeTensors::oneHot);
    }

    private static Tensor constant(Call call) {
        if (call.node().attributes().size() != 1) {
            throw call.failure("needs one attribute, has " + call.node().attributes());
        }
        Attribute attribute = call.node().attributes().iterator().next();
        return switch (attribute.value()) {
            case AttributeValue.TensorValue value -> tensor(call, value.tensor());
            case AttributeValue.FloatValue value -> Tensors.ofFloats(new float[] {value.value()});
            case AttributeValue.FloatsValue value ->
                    Tensors.ofFloats(value.values(), value.values().length);
            case AttributeValue.IntValue value -> Tensors.ofLongs(new long[] {value.value()});
            case AttributeValue.IntsValue value ->
                    Tensors.ofLongs(value.values(), value.values().length);
            default ->
                    throw call.failure(
                            "has its value in the attribute '%s', which holds no dense numbers"
                                    .formatted(attribute.name()));
        };
    }

    private static Tensor tensor(Call call, dev.fewbit.onnx.graph.Tensor constant) {
        if (!Tensors.computesWith(constant.elementType())) {
            throw call.failure(
                    "holds elements of type %s, which cannot be computed with here"
                            .formatted(constant.elementType()));
        }
        try {
            return Tensors.of(constant);
        } catch (IOException failure) {
            throw call.failure("has a value that cannot be read: " + failure.getMessage());
        }
    }

    private static Tensor constantOfShape(Call call) {
        dev.fewbit.onnx.graph.Tensor given = call.node().tensorAttribute("value");
        Tensor value = given == null ? Tensors.ofFloats(new float[1]) : tensor(call, given);
        return value.reshape(new long[0]).expand(call.longs(0)).clone();
    }

    private static Tensor range(Call call) {
        Tensor start = call.input(0).reshape(new long[0]);
        Tensor step = call.input(2).reshape(new long[0]);
        Tensor count = count(start, call.input(1).reshape(new long[0]), step);
        long length = Math.max(0, count.item_long());
        return counting(length).to(Elements.type(start)).mul(step).add(start);
    }

    private static Tensor count(Tensor start, Tensor limit, Tensor step) {
        if (Elements.areFloats(start)) {
            Tensor way = limit.to(ScalarType.Double).sub(start.to(ScalarType.Double));
            return torch.ceil(way.div(step.to(ScalarType.Double)));
        }
        long way = Math.subtractExact(limit.item_long(), start.item_long());
        return Tensors.ofLongs(new long[] {Math.ceilDiv(way, step.item_long())});
    }

    /** 0, 1, 2 and so on. */
    static Tensor counting(long length) {
        return Tensors.ofLongs(LongStream.range(0, length).toArray(), length);
    }

    private static Tensor diagonal(Call call) {
        Tensor x = call.input(0);
        if (x.dim() != 2) {
            throw call.failure("takes a matrix, got %d axes".formatted(x.dim()));
        }
        long offset = call.node().intAttribute("k", 0);
        Tensor rows = counting(x.size(0)).add(new Scalar(offset)).unsqueeze(1);
        return rows.eq(counting(x.size(1))).to(type(call, "dtype", Elements.type(x)));
    }

    /** The type that an attribute names by its number. */
    static ScalarType type(Call call, String attribute, ScalarType absent) {
        if (call.node().attribute(attribute) == null) {
            return absent;
        }
        long code = call.node().intAttribute(attribute, 0);
        ElementType type = ElementType.ofCode(code);
        if (type == null || !Tensors.computesWith(type)) {
            throw call.failure(
                    "makes elements of type %s, which cannot be computed with here"
                            .formatted(type == null ? String.valueOf(code) : type));
        }
        return Tensors.type(type);
    }

    private static Tensor oneHot(Call call) {
        long depth = call.longs(1)[0];
        Tensor values = call.input(2);
        int rank = call.rank(0) + 1;
        int axis = call.axis(call.node().intAttribute("axis", -1), rank);
        Tensor places = Gathering.fromFront(call.input(0), depth).unsqueeze(axis);
        long[] alongAxis = new long[rank];
        Arrays.fill(alongAxis, 1);
        alongAxis[axis] = depth;
        // A place outside is no class at all.
        Tensor hot = places.eq(counting(depth).reshape(alongAxis));
        return torch.where(hot, values.select(0, 1), values.select(0, 0));
    }
}
