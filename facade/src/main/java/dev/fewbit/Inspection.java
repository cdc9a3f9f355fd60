package dev.fewbit;

import dev.fewbit.core.findings.ModelFacts;
import dev.fewbit.core.findings.SkippedWeight;

import java.util.List;

/**
 * What a model consists of.
 *
 * @param facts size, nodes, versions
 * @param inputs what it takes
 * @param outputs what it gives
 * @param operators how often each operator occurs, most frequent first
 * @param weights the weights that can be quantized, in the order of the file
 * @param others the constants that cannot or should not be, and why
 */
public record Inspection(
        ModelFacts facts,
        List<Port> inputs,
        List<Port> outputs,
        List<OperatorCount> operators,
        List<InspectedWeight> weights,
        List<SkippedWeight> others) {

    /** Copies the lists. */
    public Inspection {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        operators = List.copyOf(operators);
        weights = List.copyOf(weights);
        others = List.copyOf(others);
    }

    /**
     * An input or output of the model.
     *
     * @param name its name
     * @param type element type in lower case, or {@code ?}
     * @param shape for example {@code [batch, 384]}, or {@code ?}
     */
    public record Port(String name, String type, String shape) {}

    /**
     * How often an operator occurs.
     *
     * @param operator its name, with the domain in front if it is not the default one
     * @param count number of nodes, subgraphs included
     */
    public record OperatorCount(String operator, int count) {}

    /**
     * A weight that can be quantized.
     *
     * @param tensor name
     * @param nodes names of its readers
     * @param operator operators of its readers
     * @param shape dimensions
     * @param elements number of weights
     * @param bytes size in the file
     * @param minimum smallest weight; NaN if one is not finite
     * @param maximum largest weight; NaN if one is not finite
     * @param standardDeviation spread around the mean
     * @param encodings how its readers would get at int8 codes: labels of encodings, separated by
     *     commas
     */
    public record InspectedWeight(
            String tensor,
            List<String> nodes,
            String operator,
            List<Long> shape,
            long elements,
            long bytes,
            double minimum,
            double maximum,
            double standardDeviation,
            String encodings) {

        /** Copies the lists. */
        public InspectedWeight {
            nodes = List.copyOf(nodes);
            shape = List.copyOf(shape);
        }
    }
}
