package dev.fewbit.train.graph;

import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxFormatException;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.onnx.opset.OpsetException;
import dev.fewbit.train.operator.OperatorException;
import dev.fewbit.train.torch.Tensors;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One folder of the ONNX project's tests of single nodes: a model, and inputs and outputs for it.
 *
 * @param operator of the only node; of a function's body, what stands for all of them
 */
record NodeTest(String name, String operator, Outcome outcome, String detail) {
    // As onnx.backend.test compares; of narrow floats, the last two places may differ.
    private static final double RELATIVE = 1e-3;
    private static final double RELATIVE_OF_HALVES = 0x1p-9;
    private static final double RELATIVE_OF_BRAIN_FLOATS = 0x1p-6;
    private static final double ABSOLUTE = 1e-7;

    enum Outcome {
        PASSED,
        /** The model cannot be run at all, and says so before it runs. */
        UNSUPPORTED,
        /** A node says that it cannot compute this. */
        REFUSED,
        WRONG
    }

    static NodeTest run(Path folder) throws IOException {
        String name = folder.getFileName().toString();
        String operator = "(model)";
        try (PointerScope _ = new PointerScope()) {
            Model model = OnnxReader.read(folder.resolve("model.onnx"));
            List<Node> nodes = model.graph().nodes();
            operator = nodes.size() == 1 ? nodes.getFirst().opType() : "(function bodies)";
            for (Value value : values(model)) {
                if (value.elementType() == null || !Tensors.computesWith(value.elementType())) {
                    return new NodeTest(name, operator, Outcome.UNSUPPORTED, "type of " + value);
                }
            }
            try (Interpreter interpreter = Interpreter.of(model)) {
                String difference = difference(interpreter, folder);
                Outcome outcome = difference.isEmpty() ? Outcome.PASSED : Outcome.WRONG;
                return new NodeTest(name, operator, outcome, difference);
            }
        } catch (OnnxFormatException | OpsetException failure) {
            return new NodeTest(name, operator, Outcome.UNSUPPORTED, failure.getMessage());
        } catch (OperatorException failure) {
            boolean before = failure.getMessage().contains("cannot be trained through");
            Outcome outcome = before ? Outcome.UNSUPPORTED : Outcome.REFUSED;
            return new NodeTest(name, operator, outcome, failure.getMessage());
        }
    }

    private static List<Value> values(Model model) {
        List<Value> all = new ArrayList<>(model.graph().inputs());
        all.addAll(model.graph().outputs());
        return all;
    }

    private static String difference(Interpreter interpreter, Path folder) throws IOException {
        for (int set = 0; Files.exists(folder.resolve("test_data_set_" + set)); set++) {
            Path data = folder.resolve("test_data_set_" + set);
            List<Tensor> inputs = tensors(data, "input_");
            List<Tensor> expected = tensors(data, "output_");
            List<Tensor> made = interpreter.run(inputs, Taps.NONE);
            for (int i = 0; i < expected.size(); i++) {
                String difference = difference(made.get(i), expected.get(i));
                if (!difference.isEmpty()) {
                    return "set %d, output %d: %s".formatted(set, i, difference);
                }
            }
        }
        return "";
    }

    private static List<Tensor> tensors(Path folder, String prefix) throws IOException {
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; Files.exists(folder.resolve(prefix + i + ".pb")); i++) {
            tensors.add(Tensors.of(OnnxReader.readTensor(folder.resolve(prefix + i + ".pb"))));
        }
        return tensors;
    }

    private static String difference(Tensor made, Tensor expected) {
        ScalarType type = expected.scalar_type().intern();
        if (made.scalar_type().intern() != type) {
            return "type %s instead of %s".formatted(made.scalar_type(), type);
        }
        if (!Arrays.equals(Tensors.shape(made), Tensors.shape(expected))) {
            return "shape %s instead of %s"
                    .formatted(
                            Arrays.toString(Tensors.shape(made)),
                            Arrays.toString(Tensors.shape(expected)));
        }
        ScalarType exact = made.is_floating_point() ? ScalarType.Double : ScalarType.Long;
        Tensor own = made.detach().to(exact);
        Tensor other = expected.to(exact);
        double relative =
                switch (type) {
                    case Half -> RELATIVE_OF_HALVES;
                    case BFloat16 -> RELATIVE_OF_BRAIN_FLOATS;
                    default -> RELATIVE;
                };
        boolean same =
                made.is_floating_point()
                        ? torch.allclose(own, other, relative, ABSOLUTE, true)
                        : own.equal(other);
        return same ? "" : "values differ: " + values(own) + " instead of " + values(other);
    }

    private static String values(Tensor tensor) {
        float[] values = Tensors.floats(tensor);
        return Arrays.toString(Arrays.copyOf(values, Math.min(12, values.length)));
    }
}
