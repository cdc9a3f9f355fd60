package dev.fewbit.train.operator;

import dev.fewbit.train.torch.Tensors;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

import java.util.Arrays;
import java.util.stream.LongStream;

/** Elements picked by their places. */
final class Gathering {
    private Gathering() {}

    static void addTo(Operators.Taker all) {
        all.single("Gather", Gathering::gather);
        all.single("GatherElements", Gathering::gatherElements);
        all.single("GatherND", Gathering::gatherPoints);
        all.single("Compress", Gathering::compress);
    }

    /** Places along an axis, as integers of 64 bits, counted from the front. */
    static Tensor fromFront(Tensor places, long length) {
        Tensor wide = places.to(ScalarType.Long);
        return torch.where(wide.lt(new Scalar(0)), wide.add(new Scalar(length)), wide);
    }

    private static Tensor gather(Call call) {
        Tensor x = call.input(0);
        long[] shape = Tensors.shape(x);
        int axis = call.axis(call.node().intAttribute("axis", 0), shape.length);
        Tensor places = fromFront(call.input(1), shape[axis]);
        long[] result =
                joined(
                        Arrays.copyOf(shape, axis),
                        Tensors.shape(places),
                        Arrays.copyOfRange(shape, axis + 1, shape.length));
        return x.index_select(axis, places.reshape(places.numel())).reshape(result);
    }

    private static Tensor gatherElements(Call call) {
        Tensor x = call.input(0);
        int axis = call.axis(call.node().intAttribute("axis", 0), call.rank(0));
        return torch.gather(x, axis, fromFront(call.input(1), x.size(axis)));
    }

    private static Tensor gatherPoints(Call call) {
        Tensor x = call.input(0);
        Tensor places = call.input(1);
        long[] shape = Tensors.shape(x);
        long[] asked = Tensors.shape(places);
        int batch = Math.toIntExact(call.node().intAttribute("batch_dims", 0));
        int depth = Math.toIntExact(asked[asked.length - 1]);
        long batches = Shapes.size(shape, 0, batch);
        long points = Shapes.size(shape, batch, batch + depth);
        long rest = Shapes.size(shape, batch + depth, shape.length);
        long each = Shapes.size(asked, batch, asked.length - 1);
        Tensor numbers =
                pointNumbers(places, Arrays.copyOfRange(shape, batch, batch + depth))
                        .reshape(batches, each);
        long[] starts = LongStream.range(0, batches).map(i -> i * points).toArray();
        Tensor rows = numbers.add(Tensors.ofLongs(starts, batches, 1)).reshape(batches * each);
        return x.reshape(batches * points, rest)
                .index_select(0, rows)
                .reshape(
                        joined(
                                Arrays.copyOf(asked, asked.length - 1),
                                new long[0],
                                Arrays.copyOfRange(shape, batch + depth, shape.length)));
    }

    /**
     * Each point's number in the order of elements.
     *
     * @param points coordinates along the last axis
     * @param shape sizes of the axes that they count along
     */
    static Tensor pointNumbers(Tensor points, long[] shape) {
        Tensor numbers = torch.zeros(new long[0]).to(ScalarType.Long);
        for (int i = 0; i < shape.length; i++) {
            Tensor coordinate = fromFront(points.select(-1, i), shape[i]);
            numbers = numbers.mul(new Scalar(shape[i])).add(coordinate);
        }
        return numbers;
    }

    private static Tensor compress(Call call) {
        boolean flat = call.node().attribute("axis") == null;
        Tensor x = call.input(0);
        Tensor from = flat ? x.reshape(x.numel()) : x;
        int axis = flat ? 0 : call.axis(call.node().intAttribute("axis", 0), call.rank(0));
        // The condition may be shorter than the axis; what is behind its end is left out.
        Tensor places = torch.nonzero(call.input(1).reshape(call.input(1).numel()));
        return from.index_select(axis, places.reshape(places.numel()));
    }

    private static long[] joined(long[] first, long[] second, long[] third) {
        return LongStream.concat(
                        LongStream.concat(Arrays.stream(first), Arrays.stream(second)),
                        Arrays.stream(third))
                .toArray();
    }
}
