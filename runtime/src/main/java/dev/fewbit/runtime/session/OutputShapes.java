package dev.fewbit.runtime.session;

import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.NumberType;
import dev.fewbit.runtime.data.Sample;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The shapes that a session's outputs had for input shapes seen before, or will have as far as that
 * can be told, shared by its {@link RepeatedRun repeated runs}. May be used by several threads.
 */
final class OutputShapes {

    /** Input shapes that are remembered; with more, all are forgotten. */
    private static final int MOST = 512;

    private final Map<List<Long>, List<Output>> known = new HashMap<>();
    private final List<OutputSpecification> outputs;
    private @Nullable ShapePrediction prediction;
    private boolean fixed = true;

    /**
     * For some outputs.
     *
     * @param prediction tells shapes that were not seen yet
     */
    OutputShapes(List<OutputSpecification> outputs, ShapePrediction prediction) {
        this.outputs = List.copyOf(outputs);
        this.prediction = prediction;
    }

    /** Type and shape of an output. */
    record Output(String name, NumberType type, List<Long> shape) {

        Output {
            shape = List.copyOf(shape);
        }

        long[] dimensions() {
            return shape.stream().mapToLong(Long::longValue).toArray();
        }

        /** Bytes of all elements. */
        long size() {
            long size = type.byteSize();
            for (long dimension : shape) {
                size = Math.multiplyExact(size, dimension);
            }
            return size;
        }
    }

    /** Ranks and dimensions of a sample's inputs: samples with the same ones give outputs alike. */
    static List<Long> signature(Sample sample) {
        List<Long> signature = new ArrayList<>();
        for (NumberArray array : sample.inputs().values()) {
            signature.add((long) array.rank());
            for (long dimension : array.shape()) {
                signature.add(dimension);
            }
        }
        return List.copyOf(signature);
    }

    /** The outputs for a sample of that signature; null when they are not known. */
    synchronized @Nullable List<Output> find(Sample sample, List<Long> signature) {
        if (!fixed) {
            return null;
        }
        List<Output> found = known.get(signature);
        if (found == null) {
            found = predict(sample);
            if (found != null) {
                put(signature, found);
            }
        }
        return found;
    }

    private @Nullable List<Output> predict(Sample sample) {
        if (prediction == null) {
            return null;
        }
        List<Output> predicted = new ArrayList<>();
        Map<String, long[]> shapes = prediction.shapes(sample);
        for (OutputSpecification output : outputs) {
            long[] shape = shapes.get(output.name());
            NumberType type = output.type().orElse(null);
            if (shape == null || type == null) {
                // What does not follow for one sample will not for others.
                prediction = null;
                return null;
            }
            predicted.add(new Output(output.name(), type, Arrays.stream(shape).boxed().toList()));
        }
        return predicted;
    }

    synchronized void put(List<Long> signature, List<Output> found) {
        if (known.size() >= MOST) {
            known.clear();
        }
        known.put(signature, List.copyOf(found));
    }

    /**
     * Takes note of shapes that are not those that were known.
     *
     * @param found what the outputs really were
     */
    synchronized void correct(List<Long> signature, List<Output> found) {
        if (prediction == null) {
            // They were seen before, so they depend on the values of the inputs.
            fixed = false;
        }
        prediction = null;
        known.clear();
        put(signature, found);
    }
}
