package dev.fewbit.train.operator;

import dev.fewbit.train.torch.Tensors;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.Arrays;

/** Elements put, or added, at given places. */
final class Scattering {
    private Scattering() {}

    static void addTo(Operators.Taker all) {
        all.single("ScatterElements", Scattering::scatterElements);
        all.single("ScatterND", Scattering::scatterPoints);
    }

    private static Tensor scatterElements(Call call) {
        Tensor x = call.input(0);
        int axis = call.axis(call.node().intAttribute("axis", 0), call.rank(0));
        Tensor places = Gathering.fromFront(call.input(1), x.size(axis));
        return scatter(call, x, axis, places, call.input(2));
    }

    private static Tensor scatterPoints(Call call) {
        Tensor x = call.input(0);
        Tensor places = call.input(1);
        long[] shape = Tensors.shape(x);
        int depth = Math.toIntExact(places.size(places.dim() - 1));
        long rest = Shapes.size(shape, depth, shape.length);
        Tensor numbers = Gathering.pointNumbers(places, Arrays.copyOf(shape, depth));
        long count = numbers.numel();
        return scatter(
                        call,
                        x.reshape(Shapes.size(shape, 0, depth), rest),
                        0,
                        numbers.reshape(count, 1).expand(count, rest),
                        call.input(2).reshape(count, rest))
                .reshape(shape);
    }

    private static Tensor scatter(Call call, Tensor x, int axis, Tensor places, Tensor updates) {
        String reduction = call.node().stringAttribute("reduction", "none");
        return switch (reduction) {
            case "none" -> torch.scatter(x, axis, places, updates);
            case "add" -> torch.scatter_add(x, axis, places, updates);
            case "mul" -> torch.scatter_reduce(x, axis, places, updates, "prod");
            case "max" -> torch.scatter_reduce(x, axis, places, updates, "amax");
            case "min" -> torch.scatter_reduce(x, axis, places, updates, "amin");
            default -> throw call.failure("has the unknown reduction '" + reduction + "'");
        };
    }
}
