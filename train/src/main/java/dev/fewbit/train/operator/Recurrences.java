package dev.fewbit.train.operator;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Recurrent layers: RNN, GRU and LSTM, in one direction or both. */
final class Recurrences {
    private static final int WEIGHT = 1;
    private static final int RECURRENT = 2;
    private static final int BIAS = 3;
    private static final int LENGTHS = 4;
    private static final int START = 5;
    private static final int PEEPHOLES = 7;

    private final Call call;
    private final Kind kind;
    private final String direction;
    private final int directions;
    private final boolean batchFirst;

    /** [steps, batch, input] */
    private final Tensor x;

    private final List<RecurrentActivation> functions;

    private enum Kind {
        RNN(1, List.of("Tanh")),
        GRU(3, List.of("Sigmoid", "Tanh")),
        LSTM(4, List.of("Sigmoid", "Tanh", "Tanh"));

        private final int gates;

        @SuppressWarnings("ImmutableEnumChecker") // made by List.of
        private final List<String> functions;

        Kind(int gates, List<String> functions) {
            this.gates = gates;
            this.functions = functions;
        }

        private int states() {
            return this == LSTM ? 2 : 1;
        }
    }

    private Recurrences(Call call, Kind kind) {
        this.call = call;
        this.kind = kind;
        direction = call.node().stringAttribute("direction", "forward");
        directions = direction.equals("bidirectional") ? 2 : 1;
        batchFirst = call.node().intAttribute("layout", 0) != 0;
        x = batchFirst ? call.input(0).transpose(0, 1) : call.input(0);
        functions = RecurrentActivation.of(call, directions, kind.functions);
    }

    static void addTo(Operators.Taker all) {
        for (Kind kind : Kind.values()) {
            all.take(kind.name(), call -> new Recurrences(call, kind).run());
        }
    }

    private List<? extends @Nullable Tensor> run() {
        List<List<Tensor>> results = new ArrayList<>();
        for (int i = 0; i < directions; i++) {
            results.add(run(i));
        }
        List<Tensor> outputs = new ArrayList<>();
        for (int i = 0; i <= kind.states(); i++) {
            TensorVector parts = new TensorVector();
            for (List<Tensor> result : results) {
                parts.push_back(result.get(i));
            }
            // [steps, directions, batch, hidden] or, of states, [directions, batch, hidden]
            Tensor all = torch.stack(parts, i == 0 ? 1 : 0);
            if (batchFirst) {
                all = i == 0 ? all.permute(2, 0, 1, 3) : all.transpose(0, 1);
            }
            outputs.add(all);
        }
        return outputs;
    }

    /** One direction: hidden states, and the state in the end. */
    private List<Tensor> run(int index) {
        Tensor recurrent = call.input(RECURRENT).select(0, index);
        long hidden = recurrent.size(1);
        Tensor projected = torch.matmul(x, call.input(WEIGHT).select(0, index).t());
        // The one bias of a GRU that is not just added with the others.
        Tensor hiddenBias = null;
        if (call.has(BIAS)) {
            Tensor bias = call.input(BIAS).select(0, index);
            long width = kind.gates * hidden;
            Tensor second = bias.narrow(0, width, width);
            projected = projected.add(bias.narrow(0, 0, width));
            if (kind == Kind.GRU && call.node().intAttribute("linear_before_reset", 0) != 0) {
                hiddenBias = second.narrow(0, 2 * hidden, hidden);
                second =
                        torch.constant_pad_nd(
                                second.narrow(0, 0, 2 * hidden), new long[] {0, hidden});
            }
            projected = projected.add(second);
        }
        boolean backwards = direction.equals("reverse") || index == 1;
        return new RecurrentDirection(cell(index, recurrent, hiddenBias), backwards, lengths())
                .run(projected, start(index, hidden));
    }

    private RecurrentCell cell(int index, Tensor recurrent, @Nullable Tensor hiddenBias) {
        int count = kind.functions.size();
        List<RecurrentActivation> own = functions.subList(index * count, (index + 1) * count);
        return switch (kind) {
            case RNN -> RecurrentCells.plain(call, recurrent, own);
            case GRU -> RecurrentCells.gatedUnit(call, recurrent, hiddenBias, own);
            case LSTM -> {
                Tensor peepholes =
                        call.has(PEEPHOLES) ? call.input(PEEPHOLES).select(0, index) : null;
                yield RecurrentCells.longShortTerm(call, recurrent, peepholes, own);
            }
        };
    }

    private long[] lengths() {
        if (call.has(LENGTHS)) {
            return call.longs(LENGTHS);
        }
        long[] all = new long[Math.toIntExact(x.size(1))];
        Arrays.fill(all, x.size(0));
        return all;
    }

    /** The state before the first step; zeros if none is given. */
    private List<Tensor> start(int index, long hidden) {
        List<Tensor> start = new ArrayList<>();
        for (int i = 0; i < kind.states(); i++) {
            start.add(
                    call.has(START + i)
                            ? call.input(START + i).select(batchFirst ? 1 : 0, index)
                            : x.new_zeros(x.size(1), hidden));
        }
        return start;
    }
}
