package dev.fewbit.train.operator;

import dev.fewbit.train.torch.Tensors;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

import java.util.ArrayList;
import java.util.List;

/** Takes a cell along sequences, forwards or backwards; they may be of different lengths. */
final class RecurrentDirection {
    private final RecurrentCell cell;
    private final boolean backwards;
    private final long[] lengths;

    /** {@code lengths}: one for each sequence of the batch. */
    RecurrentDirection(RecurrentCell cell, boolean backwards, long[] lengths) {
        this.cell = cell;
        this.backwards = backwards;
        this.lengths = lengths;
    }

    /**
     * Runs.
     *
     * @param projected [steps, batch, gates * hidden]
     * @param start the state before
     * @return the hidden states of all steps, [steps, batch, hidden], zeros behind the end of a
     *     sequence; then the state behind the last step of each sequence
     */
    List<Tensor> run(Tensor projected, List<Tensor> start) {
        int steps = Math.toIntExact(projected.size(0));
        Tensor ordered = backwards ? reversed(projected) : projected;
        List<Tensor> state = start;
        List<Tensor> hidden = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            List<Tensor> next = cell.step(ordered.select(0, step), state);
            Tensor ended = ended(step);
            if (ended.numel() == 0) {
                state = next;
                hidden.add(next.get(0));
            } else {
                List<Tensor> kept = new ArrayList<>();
                for (int i = 0; i < next.size(); i++) {
                    kept.add(torch.where(ended, state.get(i), next.get(i)));
                }
                state = kept;
                hidden.add(next.get(0).masked_fill(ended, new Scalar(0)));
            }
        }
        Tensor all = torch.stack(new TensorVector(hidden.toArray(Tensor[]::new)), 0);
        List<Tensor> results = new ArrayList<>();
        results.add(backwards ? reversed(all) : all);
        results.addAll(state);
        return results;
    }

    /** Which sequences have no such step, [batch, 1]; no elements if all have it. */
    private Tensor ended(int step) {
        boolean[] ended = new boolean[lengths.length];
        boolean any = false;
        for (int i = 0; i < ended.length; i++) {
            ended[i] = step >= lengths[i];
            any |= ended[i];
        }
        long[] flags = new long[any ? ended.length : 0];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = ended[i] ? 1 : 0;
        }
        return Tensors.ofLongs(flags, flags.length, 1).to(torch.ScalarType.Bool);
    }

    /** Every sequence from its own end; what is behind the end stays there. */
    private Tensor reversed(Tensor x) {
        int steps = Math.toIntExact(x.size(0));
        boolean uniform = true;
        long[] sources = new long[steps * lengths.length];
        for (int i = 0; i < sources.length; i++) {
            int step = i / lengths.length;
            long length = lengths[i % lengths.length];
            uniform &= length == steps;
            sources[i] = step < length ? length - 1 - step : step;
        }
        if (uniform) {
            return x.flip(0);
        }
        Tensor index = Tensors.ofLongs(sources, steps, lengths.length, 1);
        return torch.gather(x, 0, index.expand(Tensors.shape(x)));
    }
}
