package dev.fewbit.train.operator;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** The cells of RNN, GRU and LSTM, as the operator specification writes them. */
final class RecurrentCells {
    private RecurrentCells() {}

    /** Part of a tensor that holds all gates one after the other. */
    private static Tensor gate(Tensor all, int index, long hidden) {
        return all.narrow(-1, index * hidden, hidden);
    }

    private static Tensor clipped(Call call, Tensor x) {
        double clip = call.node().floatAttribute("clip", 0);
        return clip > 0 ? torch.hardtanh(x, new Scalar(-clip), new Scalar(clip)) : x;
    }

    /**
     * The plain cell.
     *
     * @param recurrent [hidden, hidden]
     */
    static RecurrentCell plain(Call call, Tensor recurrent, List<RecurrentActivation> functions) {
        Tensor weight = recurrent.t();
        return (projected, state) -> {
            Tensor sum = projected.add(torch.matmul(state.get(0), weight));
            return List.of(functions.get(0).of(clipped(call, sum)));
        };
    }

    /**
     * Cho et al., <a href="https://arxiv.org/abs/1406.1078">2014</a>. Gates: update, reset, hidden.
     *
     * @param recurrent [3 * hidden, hidden]
     * @param hiddenBias the bias that the reset gate acts on, [hidden]; null if it is among the
     *     others
     */
    static RecurrentCell gatedUnit(
            Call call,
            Tensor recurrent,
            @Nullable Tensor hiddenBias,
            List<RecurrentActivation> functions) {
        long hidden = recurrent.size(1);
        boolean resetsLast = call.node().intAttribute("linear_before_reset", 0) != 0;
        Tensor weights = recurrent.narrow(0, 0, 2 * hidden).t();
        Tensor hiddenWeights = gate(recurrent.t(), 2, hidden);
        return (projected, state) -> {
            Tensor before = state.get(0);
            Tensor sums = projected.narrow(-1, 0, 2 * hidden).add(torch.matmul(before, weights));
            Tensor gates = functions.get(0).of(clipped(call, sums));
            Tensor update = gate(gates, 0, hidden);
            Tensor reset = gate(gates, 1, hidden);
            Tensor recalled;
            if (resetsLast) {
                Tensor product = torch.matmul(before, hiddenWeights);
                recalled = reset.mul(hiddenBias == null ? product : product.add(hiddenBias));
            } else {
                recalled = torch.matmul(reset.mul(before), hiddenWeights);
            }
            Tensor sum = gate(projected, 2, hidden).add(recalled);
            Tensor proposed = functions.get(1).of(clipped(call, sum));
            return List.of(proposed.add(update.mul(before.sub(proposed))));
        };
    }

    /**
     * Hochreiter and Schmidhuber, 1997, with peepholes. Gates: input, output, forget, cell.
     *
     * @param recurrent [4 * hidden, hidden]
     * @param peepholes how the gates of input, output and forgetting see the cell, [3 * hidden];
     *     null if they do not
     */
    static RecurrentCell longShortTerm(
            Call call,
            Tensor recurrent,
            @Nullable Tensor peepholes,
            List<RecurrentActivation> functions) {
        long hidden = recurrent.size(1);
        boolean coupled = call.node().intAttribute("input_forget", 0) != 0;
        Tensor weights = recurrent.t();
        RecurrentActivation opening = functions.get(0);
        return (projected, state) -> {
            Tensor before = state.get(1);
            Tensor sums = projected.add(torch.matmul(state.get(0), weights));
            Tensor in = gate(sums, 0, hidden);
            Tensor out = gate(sums, 1, hidden);
            Tensor forget = gate(sums, 2, hidden);
            if (peepholes != null) {
                in = in.add(gate(peepholes, 0, hidden).mul(before));
                forget = forget.add(gate(peepholes, 2, hidden).mul(before));
            }
            in = opening.of(clipped(call, in));
            forget = coupled ? Numbers.minus(1, in) : opening.of(clipped(call, forget));
            Tensor proposed = functions.get(1).of(clipped(call, gate(sums, 3, hidden)));
            Tensor cell = forget.mul(before).add(in.mul(proposed));
            if (peepholes != null) {
                out = out.add(gate(peepholes, 1, hidden).mul(cell));
            }
            out = opening.of(clipped(call, out));
            return List.of(out.mul(functions.get(2).of(cell)), cell);
        };
    }
}
