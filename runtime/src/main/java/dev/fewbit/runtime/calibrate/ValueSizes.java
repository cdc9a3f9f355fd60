package dev.fewbit.runtime.calibrate;

import dev.fewbit.runtime.data.Dimension;
import dev.fewbit.runtime.data.InputSpecification;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.NumberType;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.OutputSpecification;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many bytes the values of a sample will take, as far as that can be said before the model has
 * run: from the shapes that follow from those of the inputs, or else that ONNX Runtime infers. In
 * these a free dimension that has the name of an input's takes its size; any other is assumed to be
 * as large as the largest free dimension of the inputs, and a value of no known shape as large as
 * the largest input. Once {@link #measured}, guesses are corrected by what was found.
 */
final class ValueSizes {

    private final Map<String, OutputSpecification> specifications = new HashMap<>();
    private final List<InputSpecification> inputs;
    private final PredictedShapes shapes;
    private final Map<String, Double> corrections = new HashMap<>();

    /**
     * For the inputs and outputs of a session.
     *
     * @param shapes the shapes that follow
     */
    ValueSizes(ModelSession session, PredictedShapes shapes) {
        this.shapes = shapes;
        this.inputs = session.inputs().inputs();
        session.outputs().forEach(output -> specifications.put(output.name(), output));
    }

    /** Bytes of all of the values together; inputs count nothing. */
    long bytes(Sample sample, List<ValueCollector> values) {
        Free free = free(sample);
        Map<String, long[]> known = shapes.shapes(sample);
        double bytes = 0;
        for (ValueCollector value : values) {
            long[] shape = known.get(value.name());
            bytes += shape == null ? guess(value, free) : bytes(value, shape);
        }
        return (long) Math.min(bytes, 0x1p60);
    }

    /** Corrects further guesses by what a value really took. */
    void measured(Sample sample, ValueCollector value, long bytes) {
        corrections.remove(value.name());
        double guessed = Math.max(1, bytes(sample, List.of(value)));
        corrections.put(value.name(), bytes / guessed);
    }

    private record Free(Map<String, Long> sizes, long largest, long elements) {}

    private double bytes(ValueCollector value, long[] shape) {
        double elements = 1;
        for (long size : shape) {
            elements *= size;
        }
        return value.isInput() ? 0 : elements * elementBytes(specifications.get(value.name()));
    }

    private static int elementBytes(@Nullable OutputSpecification specification) {
        return specification == null
                ? Float.BYTES
                : specification.type().map(NumberType::byteSize).orElse(Float.BYTES);
    }

    private double guess(ValueCollector value, Free free) {
        OutputSpecification specification = specifications.get(value.name());
        if (value.isInput() || specification == null) {
            return 0;
        }
        double elements = 1;
        for (Dimension dimension : specification.dimensions()) {
            elements *=
                    dimension.isFree()
                            ? free.sizes().getOrDefault(dimension.symbol(), free.largest())
                            : dimension.size();
        }
        if (specification.dimensions().isEmpty()) {
            elements = free.elements();
        }
        return elements * elementBytes(specification) * corrections.getOrDefault(value.name(), 1.0);
    }

    private Free free(Sample sample) {
        Map<String, Long> sizes = new HashMap<>();
        long largest = 1;
        long elements = 1;
        for (InputSpecification input : inputs) {
            NumberArray array = sample.inputs().get(input.name());
            if (array == null) {
                continue;
            }
            elements = Math.max(elements, array.size());
            long[] shape = array.shape();
            for (int axis = 0; axis < Math.min(shape.length, input.rank()); axis++) {
                Dimension dimension = input.dimensions().get(axis);
                if (dimension.isFree()) {
                    largest = Math.max(largest, shape[axis]);
                    if (!dimension.symbol().isEmpty()) {
                        sizes.merge(dimension.symbol(), shape[axis], Math::max);
                    }
                }
            }
        }
        return new Free(sizes, largest, elements);
    }
}
