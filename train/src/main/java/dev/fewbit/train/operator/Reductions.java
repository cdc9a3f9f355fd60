package dev.fewbit.train.operator;

import dev.fewbit.train.torch.Tensors;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

import java.util.Arrays;
import java.util.stream.LongStream;

/** Many elements made one. */
final class Reductions {
    private Reductions() {}

    /** Reduces along axes. */
    @FunctionalInterface
    private interface Reduction {
        /**
         * Reduces.
         *
         * @param axes from the front; none leaves single elements
         */
        Tensor along(Tensor x, long[] axes, boolean keeps);
    }

    static void addTo(Operators.Taker all) {
        add(all, "ReduceSum", Reductions::sum);
        add(all, "ReduceMean", Reductions::mean);
        add(all, "ReduceProd", Reductions::product);
        add(all, "ReduceMax", (x, axes, keeps) -> ReducedExtremes.largest(x, axes, keeps));
        add(all, "ReduceMin", (x, axes, keeps) -> ReducedExtremes.smallest(x, axes, keeps));
        add(all, "ReduceL1", (x, axes, keeps) -> sum(torch.abs(x), axes, keeps));
        add(all, "ReduceL2", inFloats(Reductions::norm));
        add(all, "ReduceSumSquare", (x, axes, keeps) -> sum(x.mul(x), axes, keeps));
        add(all, "ReduceLogSum", inFloats((x, axes, keeps) -> torch.log(sum(x, axes, keeps))));
        add(all, "ReduceLogSumExp", inFloats(Reductions::logSumExp));
    }

    private static void add(Operators.Taker all, String opType, Reduction reduction) {
        all.single(opType, Elements.widened(call -> reduce(call, reduction)));
    }

    private static Tensor reduce(Call call, Reduction reduction) {
        long[] given = call.longsOrNull(1);
        long[] axes = call.axes(given == null ? new long[0] : given, call.rank(0));
        if (axes.length == 0 && call.node().intAttribute("noop_with_empty_axes", 0) == 0) {
            axes = LongStream.range(0, call.rank(0)).toArray();
        }
        boolean keeps = call.node().intAttribute("keepdims", 1) != 0;
        return reduction.along(call.input(0), axes, keeps);
    }

    /** Integers are computed in doubles and become integers again. */
    private static Reduction inFloats(Reduction reduction) {
        return (x, axes, keeps) ->
                Elements.areFloats(x)
                        ? reduction.along(x, axes, keeps)
                        : reduction
                                .along(x.to(ScalarType.Double), axes, keeps)
                                .to(Elements.type(x));
    }

    private static Tensor sum(Tensor x, long[] axes, boolean keeps) {
        // No axes would mean all of them; no type, 64 bits for small integers.
        return axes.length == 0
                ? x.alias()
                : torch.sum(x, axes, keeps, new ScalarTypeOptional(Elements.type(x)));
    }

    private static Tensor mean(Tensor x, long[] axes, boolean keeps) {
        if (axes.length == 0) {
            return x.alias();
        }
        if (Elements.areFloats(x)) {
            return torch.mean(x, axes, keeps, new ScalarTypeOptional());
        }
        long count = Arrays.stream(axes).map(x::size).reduce(1, (a, b) -> a * b);
        Tensor divisor = Tensors.ofLongs(new long[] {count});
        return Arithmetic.quotient(sum(x, axes, keeps), divisor).to(Elements.type(x));
    }

    private static Tensor product(Tensor x, long[] axes, boolean keeps) {
        long[] ascending = axes.clone();
        Arrays.sort(ascending);
        Tensor result = x.alias();
        // From behind, so that the axes in front keep their numbers.
        for (int i = ascending.length - 1; i >= 0; i--) {
            ScalarTypeOptional type = new ScalarTypeOptional(Elements.type(x));
            result = torch.prod(result, ascending[i], keeps, type);
        }
        return result;
    }

    /** Unlike the root of a sum, it has a gradient at 0, which is 0. */
    private static Tensor norm(Tensor x, long[] axes, boolean keeps) {
        return axes.length == 0
                ? torch.abs(x)
                : torch.linalg_vector_norm(x, new Scalar(2), axes, keeps, new ScalarTypeOptional());
    }

    private static Tensor logSumExp(Tensor x, long[] axes, boolean keeps) {
        return axes.length == 0 ? x.alias() : torch.logsumexp(x, axes, keeps);
    }
}
