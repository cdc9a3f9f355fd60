package dev.fewbit.train.operator;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ai.onnxruntime.TensorInfo;

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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
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
    private final List<Consumer<Node>> settings = new ArrayList<>();
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

    /** A one-dimensional input of integers, which is a constant of the model. */
    OperatorCheck longs(String name, long... given) {
        return constant(
                name, dev.fewbit.onnx.graph.Tensor.ofLongs(new long[] {given.length}, given));
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
        settings.add(setting);
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
        Model model = new Model(10, graph);
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
        settings.forEach(setting -> setting.accept(node));
        graph.add(node);
        for (int i = 0; i < outputs; i++) {
            Value output = node.addOutput("y" + i);
            graph.addOutput(output);
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

    private void compare(boolean gradients) {
        try {
            Path file = Files.createTempFile("check", ".onnx");
            try {
                OnnxWriter.write(model(), file, WriteOptions.defaults());
                List<Result> expected = runtime(file);
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

    private void compare(Path file, List<Result> expected, boolean gradients) throws IOException {
        torch.set_num_threads(1);
        try (PointerScope _ = new PointerScope();
                Interpreter interpreter = Interpreter.of(OnnxReader.read(file))) {
            List<Tensor> given = new ArrayList<>();
            for (String name : fed) {
                given.add(Tensors.of(values.get(name)).set_requires_grad(gradients));
            }
            List<Tensor> made = interpreter.run(given, Taps.NONE);
            for (int i = 0; i < expected.size(); i++) {
                Tensor tensor = made.get(i);
                Result wanted = expected.get(i);
                assertThat(Tensors.shape(tensor))
                        .as("shape of output %d", i)
                        .isEqualTo(wanted.shape);
                assertThat(tensor.scalar_type().intern())
                        .as("type of output %d", i)
                        .isEqualTo(Tensors.type(wanted.type));
                compare(Tensors.floats(tensor.to(torch.ScalarType.Double)), wanted.values, i);
                if (gradients && wanted.type == ElementType.FLOAT) {
                    assertThat(tensor.requires_grad()).as("gradient of output %d", i).isTrue();
                    torch.sum(tensor.mul(tensor)).backward();
                }
            }
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

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Result(ElementType type, long[] shape, float[] values) {}

    private List<Result> runtime(Path file) throws OrtException, IOException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            // As the specification has it, nothing rewritten.
            options.setOptimizationLevel(OptLevel.NO_OPT);
            try (OrtSession session = environment.createSession(file.toString(), options)) {
                Map<String, OnnxTensor> feeds = new LinkedHashMap<>();
                for (String name : fed) {
                    dev.fewbit.onnx.graph.Tensor value = values.get(name);
                    feeds.put(
                            name,
                            OnnxTensor.createTensor(
                                    environment,
                                    java.nio.FloatBuffer.wrap(value.floats()),
                                    value.shape()));
                }
                List<Result> results = new ArrayList<>();
                try (OrtSession.Result result = session.run(feeds)) {
                    for (int i = 0; i < outputs; i++) {
                        results.add(result((OnnxTensor) result.get(i)));
                    }
                }
                feeds.values().forEach(OnnxTensor::close);
                return results;
            }
        }
    }

    private static Result result(OnnxTensor tensor) {
        TensorInfo info = tensor.getInfo();
        ByteBuffer raw = tensor.getByteBuffer().order(ByteOrder.nativeOrder());
        int count = (int) info.getNumElements();
        float[] values = new float[count];
        ElementType type =
                switch (info.type) {
                    case FLOAT -> ElementType.FLOAT;
                    case DOUBLE -> ElementType.DOUBLE;
                    case INT64 -> ElementType.INT64;
                    case INT32 -> ElementType.INT32;
                    case BOOL -> ElementType.BOOL;
                    case INT8 -> ElementType.INT8;
                    case UINT8 -> ElementType.UINT8;
                    default -> throw new AssertionError("no test for " + info.type);
                };
        for (int i = 0; i < count; i++) {
            values[i] =
                    switch (type) {
                        case FLOAT -> raw.getFloat(4 * i);
                        case DOUBLE -> (float) raw.getDouble(8 * i);
                        case INT64 -> raw.getLong(8 * i);
                        case INT32 -> raw.getInt(4 * i);
                        case UINT8 -> raw.get(i) & 0xff;
                        default -> raw.get(i);
                    };
        }
        return new Result(type, info.getShape(), values);
    }
}
