package dev.fewbit.train.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Shape;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.io.WriteOptions;
import dev.fewbit.train.graph.Interpreter;
import dev.fewbit.train.graph.Taps;
import dev.fewbit.train.torch.Tensors;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * One node, run by ONNX Runtime and here on the same inputs. Its float inputs are fed, so that
 * gradients with respect to them can be asked for; all others are constants.
 *
 * <pre>{@code
 * OperatorCheck.of("Conv").floats("x", 1, 3, 8, 8).floats("w", 4, 3, 3, 3)
 *         .with(node -> node.setAttribute("pads", new long[] {1, 1, 1, 1}))
 *         .passes();
 * }</pre>
 */
final class OperatorCheck {
    /** The newest opset that the runtime of these tests knows to the full. */
    private static final long OPSET = 21;

    private final String opType;
    private final Random random = new Random(7);
    private final List<String> inputs = new ArrayList<>();
    private final Map<String, dev.fewbit.onnx.graph.Tensor> values = new LinkedHashMap<>();
    private final List<String> fed = new ArrayList<>();
    private final List<BiConsumer<Node, Map<String, Value>>> settings = new ArrayList<>();
    private final Set<Integer> omittedOutputs = new HashSet<>();
    private int outputs = 1;
    private long opset = OPSET;
    private double tolerance = 1e-5;

    private OperatorCheck(String opType) {
        this.opType = opType;
    }

    static OperatorCheck of(String opType) {
        return new OperatorCheck(opType);
    }

    /** A float input with values from a normal distribution. */
    OperatorCheck floats(String name, long... shape) {
        float[] drawn = new float[(int) dev.fewbit.onnx.graph.Tensor.elementCount(shape)];
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = (float) random.nextGaussian();
        }
        return floats(name, shape, drawn);
    }

    /** A float input. */
    OperatorCheck floats(String name, long[] shape, float... given) {
        fed.add(name);
        return constant(name, dev.fewbit.onnx.graph.Tensor.ofFloats(shape, given));
    }

    /** A float input with values spread evenly between two. */
    OperatorCheck floatsBetween(double least, double most, String name, long... shape) {
        float[] drawn = new float[(int) dev.fewbit.onnx.graph.Tensor.elementCount(shape)];
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = (float) (least + (most - least) * random.nextDouble());
        }
        return floats(name, shape, drawn);
    }

    /** An input of any type that is fed. */
    OperatorCheck fed(String name, dev.fewbit.onnx.graph.Tensor value) {
        fed.add(name);
        return constant(name, value);
    }

    /** A value of the graph that is fed, but is no input of the node itself. */
    OperatorCheck around(String name, dev.fewbit.onnx.graph.Tensor value) {
        fed.add(name);
        values.put(name, value);
        return this;
    }

    /** A one-dimensional input of integers, which is a constant of the model. */
    OperatorCheck longs(String name, long... given) {
        return constant(
                name, dev.fewbit.onnx.graph.Tensor.ofLongs(new long[] {given.length}, given));
    }

    /** Integers of 8 or 16 bits drawn from all there are, which are a constant of the model. */
    OperatorCheck codes(String name, ElementType type, long... shape) {
        boolean wide = type == ElementType.INT16 || type == ElementType.UINT16;
        byte[] drawn =
                new byte[(int) dev.fewbit.onnx.graph.Tensor.elementCount(shape) * (wide ? 2 : 1)];
        random.nextBytes(drawn);
        return constant(name, dev.fewbit.onnx.graph.Tensor.ofBytes(type, shape, drawn));
    }

    /** An input that is a constant of the model. */
    OperatorCheck constant(String name, dev.fewbit.onnx.graph.Tensor value) {
        inputs.add(name);
        values.put(name, value);
        return this;
    }

    /** An input that is left out. */
    OperatorCheck omitted() {
        inputs.add("");
        return this;
    }

    OperatorCheck with(Consumer<Node> setting) {
        return withValues((node, _) -> setting.accept(node));
    }

    /** Sets what needs values of the graph by name, such as the body of a loop. */
    OperatorCheck withValues(BiConsumer<Node, Map<String, Value>> setting) {
        settings.add(setting);
        return this;
    }

    /** Leaves an output out. */
    OperatorCheck withoutOutput(int index) {
        omittedOutputs.add(index);
        return this;
    }

    OperatorCheck outputs(int count) {
        outputs = count;
        return this;
    }

    /** The operator set in which the node is written. */
    OperatorCheck opset(long version) {
        opset = version;
        return this;
    }

    /** The largest error allowed, in units of the largest absolute value of an output. */
    OperatorCheck within(double error) {
        tolerance = error;
        return this;
    }

    private Model model() {
        Graph graph = new Graph("check");
        // The format of files that came with each opset.
        Model model = new Model(Math.clamp(opset - 12, 10, 13), graph);
        model.setOpset("", opset);
        Map<String, Value> known = new LinkedHashMap<>();
        values.forEach(
                (name, value) -> {
                    if (fed.contains(name)) {
                        Value input = new Value(name);
                        input.setType(value.elementType(), Shape.of(value.shape()));
                        graph.addInput(input);
                        known.put(name, input);
                    } else {
                        known.put(name, graph.addInitializer(name, value));
                    }
                });
        Node node = new Node("", opType, "checked");
        inputs.forEach(name -> node.addInput(name.isEmpty() ? null : known.get(name)));
        settings.forEach(setting -> setting.accept(node, known));
        graph.add(node);
        for (int i = 0; i < outputs; i++) {
            if (omittedOutputs.contains(i)) {
                node.addOutput((Value) null);
            } else {
                graph.addOutput(node.addOutput("y" + i));
            }
        }
        return model;
    }

    /** Both compute the same, and where an output is made of floats, gradients flow to it. */
    void passes() {
        compare(true);
    }

    /** Both compute the same; there are no gradients. */
    void passesWithoutGradients() {
        compare(false);
    }

    /** It is not computed here; the message names the node and says this. */
    void isRefused(String reason) {
        assertThatThrownBy(
                        () -> {
                            try (PointerScope _ = new PointerScope();
                                    Interpreter interpreter = Interpreter.of(model())) {
                                List<Tensor> given = new ArrayList<>();
                                for (String name : fed) {
                                    given.add(Tensors.of(values.get(name)));
                                }
                                interpreter.run(given, Taps.NONE);
                            }
                        })
                .isInstanceOf(OperatorException.class)
                .hasMessageStartingWith(opType + " \"checked\" ")
                .hasMessageContaining(reason);
    }

    /** The output is this, and gradients flow; for what the runtime lacks. */
    void gives(long[] shape, float... floats) {
        compare(true, dev.fewbit.onnx.graph.Tensor.ofFloats(shape, floats));
    }

    private void compare(boolean gradients, dev.fewbit.onnx.graph.Tensor... stated) {
        try {
            Path file = Files.createTempFile("check", ".onnx");
            try {
                OnnxWriter.write(model(), file, WriteOptions.defaults());
                Map<String, dev.fewbit.onnx.graph.Tensor> feeds = new LinkedHashMap<>();
                fed.forEach(name -> feeds.put(name, values.get(name)));
                List<dev.fewbit.onnx.graph.Tensor> expected =
                        stated.length > 0 ? List.of(stated) : OnnxRuntime.run(file, feeds);
                compare(file, expected, gradients);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (OrtException e) {
            throw new AssertionError("ONNX Runtime refuses the model of this test", e);
        }
    }

    private void compare(Path file, List<dev.fewbit.onnx.graph.Tensor> expected, boolean gradients)
            throws IOException {
        torch.set_num_threads(1);
        try (PointerScope _ = new PointerScope();
                Interpreter interpreter = Interpreter.of(OnnxReader.read(file))) {
            List<Tensor> given = new ArrayList<>();
            for (String name : fed) {
                Tensor tensor = Tensors.of(values.get(name));
                given.add(tensor.set_requires_grad(gradients && tensor.is_floating_point()));
            }
            List<Tensor> made = interpreter.run(given, Taps.NONE);
            assertThat(made).hasSameSizeAs(expected);
            Tensor total = Tensors.ofFloats(new float[1]);
            for (int i = 0; i < expected.size(); i++) {
                Tensor tensor = made.get(i);
                compare(tensor, expected.get(i), i);
                if (gradients && tensor.scalar_type().intern() == torch.ScalarType.Float) {
                    assertThat(tensor.requires_grad()).as("gradient of output %d", i).isTrue();
                    total = total.add(torch.sum(tensor.mul(tensor)));
                }
            }
            if (total.requires_grad()) {
                total.backward();
                for (Tensor tensor : given) {
                    if (tensor.grad().defined()) {
                        assertThat(torch.isfinite(tensor.grad()).all().item_bool())
                                .as("gradients are finite")
                                .isTrue();
                    }
                }
            }
        }
    }

    private void compare(Tensor made, dev.fewbit.onnx.graph.Tensor wanted, int output)
            throws IOException {
        assertThat(Tensors.shape(made)).as("shape of output %d", output).isEqualTo(wanted.shape());
        assertThat(made.scalar_type().intern())
                .as("type of output %d", output)
                .isEqualTo(Tensors.type(wanted.elementType()));
        if (made.is_floating_point()) {
            compare(Tensors.floats(made), wanted.floats(), output);
        } else {
            assertThat(Tensors.longs(made)).as("output %d", output).isEqualTo(wanted.longs());
        }
    }

    private void compare(float[] actual, float[] wanted, int output) {
        double largest = 1e-30;
        for (float value : wanted) {
            largest = Float.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
        }
        assertThat(actual).hasSameSizeAs(wanted);
        for (int i = 0; i < wanted.length; i++) {
            if (Float.compare(actual[i], wanted[i]) != 0) {
                assertThat((double) actual[i])
                        .as("element %d of output %d", i, output)
                        .isCloseTo(
                                wanted[i],
                                org.assertj.core.api.Assertions.within(tolerance * largest));
            }
        }
    }
}
