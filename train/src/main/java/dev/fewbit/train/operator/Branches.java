package dev.fewbit.train.operator;

import org.bytedeco.pytorch.Tensor;

import java.util.List;

/** One of two graphs. */
final class Branches {
    private Branches() {}

    static void addTo(Operators.Taker all) {
        all.take("If", Branches::choose);
    }

    private static List<Tensor> choose(Call call) {
        String branch = call.number(0) != 0 ? "then_branch" : "else_branch";
        return Subgraph.of(call, branch).run(List.of());
    }
}
