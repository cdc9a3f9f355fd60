package dev.fewbit.runtime.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.SessionSettings;
import dev.fewbit.runtime.session.SessionSettings.Optimization;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * ONNX Runtime as the judge of whether two models compute the same.
 *
 * <p>The bound is a running error analysis (Higham, Accuracy and Stability of Numerical Algorithms,
 * section 3.1). An operation that sums up K terms is off by at most {@code (K + 3) u} of the sum of
 * the terms' magnitudes, with {@code u = 2^-24}; the three are for a rounded weight, a rounded
 * factor and the rounded result. What the magnitudes become at the output is what the model
 * computes with the magnitudes of its weights and inputs. Errors of both models add up.
 */
final class Equivalence {

    private static final double UNIT = 0x1p-24;

    private Equivalence() {}

    /** Compares two models on random inputs, for two values of the free dimensions. */
    static void assertSame(Model before, Model after) {
        for (int free : List.of(1, 3)) {
            Map<String, NumberArray> inputs = inputs(before, free, false);
            Map<String, NumberArray> expected = run(before, inputs);
            Map<String, NumberArray> got = run(after, inputs);
            Map<String, NumberArray> magnitudes = run(absolute(before), inputs(before, free, true));
            double errors = 2 * (roundings(before) + roundings(after)) * UNIT;
            assertThat(got.keySet()).isEqualTo(expected.keySet());
            expected.forEach(
                    (name, array) ->
                            assertClose(name, array, got.get(name), magnitudes.get(name), errors));
        }
    }

    /** Compares two models that only differ in nodes that move data: every bit must be the same. */
    static void assertIdentical(Model before, Model after) {
        for (int free : List.of(1, 3)) {
            Map<String, NumberArray> inputs = inputs(before, free, false);
            Map<String, NumberArray> got = run(after, inputs);
            run(before, inputs)
                    .forEach(
                            (name, array) -> {
                                assertThat(got.get(name).shape()).isEqualTo(array.shape());
                                assertThat(got.get(name).bytes()).isEqualTo(array.bytes());
                            });
        }
    }

    private static void assertClose(
            String name,
            NumberArray expected,
            NumberArray got,
            NumberArray magnitudes,
            double errors) {
        assertThat(got.shape()).as(name).isEqualTo(expected.shape());
        for (int i = 0; i < expected.size(); i++) {
            double bound = errors * Math.abs(magnitudes.doubleAt(i));
            assertThat(Math.abs(got.doubleAt(i) - expected.doubleAt(i)))
                    .as("%s[%d] = %s, got %s", name, i, expected.doubleAt(i), got.doubleAt(i))
                    .isLessThanOrEqualTo(bound);
        }
    }

    static Map<String, NumberArray> run(Model model, Map<String, NumberArray> inputs) {
        SessionSettings settings = SessionSettings.withThreads(1).optimized(Optimization.NONE);
        try (ModelSession session =
                ModelSession.open("test", ByteBuffer.wrap(OnnxWriter.toBytes(model)), settings)) {
            return session.run(new Sample(0, inputs, Optional.empty()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static Map<String, NumberArray> inputs(Model model, int free, boolean absolute) {
        SplittableRandom random = new SplittableRandom(free);
        Map<String, NumberArray> arrays = new LinkedHashMap<>();
        for (Value input : model.graph().inputs()) {
            if (input.initializer() != null) {
                continue;
            }
            long[] shape = new long[input.shape().rank()];
            for (int axis = 0; axis < shape.length; axis++) {
                shape[axis] = input.shape().size(axis).orElse(free);
            }
            float[] values = new float[(int) Tensor.elementCount(shape)];
            for (int i = 0; i < values.length; i++) {
                float value = (float) random.nextDouble(-2, 2);
                values[i] = absolute ? Math.abs(value) : value;
            }
            arrays.put(input.name(), NumberArray.ofFloats(values, shape));
        }
        return arrays;
    }

    /** Roundings on the longest way that an error can take: those of all nodes. */
    private static double roundings(Model model) {
        double sum = 0;
        for (Node node : model.graph().nodes()) {
            Value weight = node.input(1);
            Tensor tensor = weight == null ? null : weight.initializer();
            boolean sums =
                    node.is("Conv")
                            || node.is("ConvTranspose")
                            || node.is("Gemm")
                            || node.is("MatMul");
            sum += 3 + (sums && tensor != null ? tensor.elementCount() : 0);
            sum += node.opType().contains("Average") || node.is("ReduceMean") ? 256 : 0;
        }
        return sum;
    }

    /** The model with the magnitudes of all its weights, and sums instead of differences. */
    private static Model absolute(Model model) {
        Model copy = Sketch.copy(model);
        for (Value value : List.copyOf(copy.graph().initializers().keySet())) {
            Tensor tensor = copy.graph().initializer(value);
            if (tensor.elementType() == ElementType.FLOAT) {
                boolean mean =
                        value.consumers().stream()
                                .anyMatch(
                                        node ->
                                                node.is("BatchNormalization")
                                                        && node.input(3) == value);
                copy.graph().setInitializer(value, magnitudes(tensor, mean ? -1 : 1));
            }
        }
        for (Node node : copy.graph().nodes()) {
            if (node.is("Sub")) {
                node.setOperator("", "Add");
            }
            if (node.is("Gemm")) {
                node.setAttribute("alpha", Math.abs(node.floatAttribute("alpha", 1)));
                node.setAttribute("beta", Math.abs(node.floatAttribute("beta", 1)));
            }
        }
        return copy;
    }

    private static Tensor magnitudes(Tensor tensor, int sign) {
        try {
            float[] values = tensor.floats();
            for (int i = 0; i < values.length; i++) {
                values[i] = sign * Math.abs(values[i]);
            }
            return Tensor.ofFloats(tensor.shape(), values);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
