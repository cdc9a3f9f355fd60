package dev.fewbit.runtime.calibrate;

import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.RepeatedRun;
import dev.fewbit.runtime.session.ShapePrediction;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Memory for the values of one sample: the model is run into it, then it is folded, then comes the
 * next sample. Used by one thread at a time for running, by several for folding.
 */
final class Lane implements AutoCloseable {

    /** Elements that are worth handing to a thread. */
    private static final int PART = 1 << 17;

    private final List<ValueCollector> values;
    private final @Nullable RepeatedRun run;
    private @Nullable Sample sample;
    private List<NumberArray> arrays = List.of();
    private long bytes;

    /** Parts that are not folded yet; belongs to the pipeline. */
    int parts;

    Lane(ModelSession session, List<ValueCollector> values, ShapePrediction shapes) {
        this.values = values;
        List<String> computed =
                values.stream()
                        .filter(value -> !value.isInput())
                        .map(ValueCollector::name)
                        .toList();
        // Inputs need no run.
        this.run = computed.isEmpty() ? null : session.repeatedly(computed, shapes);
    }

    /** Computes the values of a sample. */
    void run(Sample next, long estimatedBytes) {
        sample = next;
        bytes = estimatedBytes;
        List<NumberArray> computed = run == null ? List.of() : run.run(next);
        List<NumberArray> found = new ArrayList<>();
        int number = 0;
        for (ValueCollector value : values) {
            found.add(
                    value.isInput()
                            ? Objects.requireNonNull(next.inputs().get(value.name()))
                            : computed.get(number++));
        }
        arrays = found;
    }

    /** The bytes that the sample in work was thought to take. */
    long bytes() {
        return bytes;
    }

    /** The value before which a part that begins with this value ends. */
    int partEnd(int from) {
        int to = from;
        long elements = 0;
        while (to < values.size() && (to == from || elements < PART)) {
            elements += arrays.get(to).size();
            to++;
        }
        return to;
    }

    /** Adds some of the sample's values to the statistics. */
    void fold(int from, int to) throws IOException {
        Sample folded = Objects.requireNonNull(sample);
        for (int i = from; i < to; i++) {
            values.get(i).add(folded.index(), arrays.get(i));
        }
    }

    /** Gives memory back if it is more than some bytes. */
    void trim(long most) {
        arrays = List.of();
        sample = null;
        if (run != null) {
            run.trim(most);
        }
    }

    @Override
    public void close() {
        arrays = List.of();
        if (run != null) {
            run.close();
        }
    }
}
