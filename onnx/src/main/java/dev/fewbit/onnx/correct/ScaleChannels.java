package dev.fewbit.onnx.correct;

import dev.fewbit.core.plan.Correction;
import dev.fewbit.core.plan.Correction.ChannelAxis;
import dev.fewbit.onnx.constant.ConstantInputs;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Pending;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Divides channels of some constants and multiplies the same channels of others; where there is
 * nothing to divide or to multiply, a node is put in ({@link ScalingNodes}).
 *
 * <pre>{@code
 * Mul(n, gamma) -> m; Add(m, beta) -> x; MatMul(x, w) -> y
 *     becomes Mul(n, gamma / s) -> m; Add(m, beta / s) -> x; MatMul(x, w * s) -> y
 * }</pre>
 *
 * <p>A constant that only some of its readers should see changed is copied for these: what is
 * divided, for the nodes that lead to the activation; what is multiplied, for the nodes that read
 * it.
 */
final class ScaleChannels {
    private ScaleChannels() {}

    /** Returns the values that have other contents from now on, under their old names. */
    static Set<Value> apply(Model model, Correction.ChannelScaling scaling) {
        double[] factors = scaling.factors().stream().mapToDouble(Float::doubleValue).toArray();
        double[] inverse = Arrays.stream(factors).map(factor -> 1 / factor).toArray();
        Constants constants = new Constants(model);
        // Everything is looked up before anything changes.
        List<Change> divided = new ArrayList<>();
        for (ChannelAxis axis : scaling.divided()) {
            divided.add(change(model, constants, scaling, axis, inverse, true));
        }
        List<Change> multiplied = new ArrayList<>();
        for (ChannelAxis axis : scaling.multiplied()) {
            multiplied.add(change(model, constants, scaling, axis, factors, false));
        }
        if (divided.isEmpty()) {
            ScalingNodes.putBehind(activation(model, scaling), readers(multiplied), inverse);
        } else if (multiplied.isEmpty()) {
            ScalingNodes.restore(activation(model, scaling), readers(divided), factors);
        }
        divided.forEach(Change::make);
        multiplied.forEach(Change::make);
        Value activation = find(model.graph(), scaling.value());
        return divided.isEmpty() || multiplied.isEmpty() || activation == null
                ? Set.of()
                : RescaledValues.of(activation, readers(divided));
    }

    private record Change(Value value, Tensor scaled, Set<Node> readers) {
        void make() {
            ConstantInputs.replace(value, scaled, readers::contains);
        }
    }

    private static Set<Node> readers(List<Change> changes) {
        Set<Node> readers = new LinkedHashSet<>();
        changes.forEach(change -> readers.addAll(change.readers()));
        return readers;
    }

    private static Value activation(Model model, Correction.ChannelScaling scaling) {
        Value activation = find(model.graph(), scaling.value());
        if (activation == null) {
            throw new CorrectionException(
                    "the plan rescales the channels of value '"
                            + scaling.value()
                            + "', but the prepared model has no value of that name; is it the plan"
                            + " of another model?");
        }
        return activation;
    }

    private static Change change(
            Model model,
            Constants constants,
            Correction.ChannelScaling scaling,
            ChannelAxis axis,
            double[] factors,
            boolean leads) {
        Value value = find(model.graph(), axis.tensor());
        Tensor tensor = value == null ? null : constants.resolve(value).orElse(null);
        if (value == null || tensor == null) {
            throw new CorrectionException(
                    "the plan rescales tensor '"
                            + axis.tensor()
                            + "', but the prepared model has no constant of that name; is it the"
                            + " plan of another model?");
        }
        boolean fits =
                tensor.elementType() == ElementType.FLOAT
                        && !(tensor.data() instanceof Pending)
                        && axis.axis() >= 0
                        && axis.axis() < tensor.rank()
                        && tensor.dimension(axis.axis()) == factors.length;
        if (!fits) {
            throw new CorrectionException(
                    "the plan rescales "
                            + factors.length
                            + " channels along axis "
                            + axis.axis()
                            + " of '"
                            + axis.tensor()
                            + "', but that is "
                            + tensor
                            + "; is it the plan of another model?");
        }
        Set<Node> readers = readers(model, scaling, value, leads);
        return new Change(value, scaled(tensor, axis.axis(), factors), readers);
    }

    private static Set<Node> readers(
            Model model, Correction.ChannelScaling scaling, Value value, boolean leads) {
        List<Node> all = value.consumers();
        if (all.size() == 1 && !value.isGraphOutput()) {
            return Set.copyOf(all);
        }
        Value activation = find(model.graph(), scaling.value());
        Optional<Set<Node>> meant =
                activation == null
                        ? Optional.empty()
                        : Optional.of(
                                leads
                                        ? NeighbouringReaders.leadingTo(activation, value)
                                        : NeighbouringReaders.behind(activation, value));
        if (meant.isEmpty() || meant.get().isEmpty()) {
            throw new CorrectionException(
                    "tensor '"
                            + value
                            + "' is read by "
                            + all.size()
                            + " nodes ("
                            + all
                            + "), and none of them can be told to belong to '"
                            + scaling.value()
                            + "', whose channels the plan rescales; leave the correction out");
        }
        return meant.get();
    }

    private static @Nullable Value find(Graph graph, String name) {
        for (Value input : graph.inputs()) {
            if (input.name().equals(name)) {
                return input;
            }
        }
        for (Value value : graph.initializers().keySet()) {
            if (value.name().equals(name)) {
                return value;
            }
        }
        for (Node node : graph.nodes()) {
            for (Value output : node.outputs()) {
                if (output != null && output.name().equals(name)) {
                    return output;
                }
            }
        }
        return null;
    }

    private static Tensor scaled(Tensor tensor, int axis, double[] factors) {
        try {
            float[] values = tensor.floats();
            int inner = 1;
            for (int i = axis + 1; i < tensor.rank(); i++) {
                inner *= Math.toIntExact(tensor.dimension(i));
            }
            for (int at = 0; at < values.length; at++) {
                values[at] = (float) (values[at] * factors[at / inner % factors.length]);
            }
            return Tensor.ofFloats(tensor.shape(), values);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
