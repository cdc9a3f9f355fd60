package dev.fewbit.encoding;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.io.WriteOptions;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.SessionSettings;
import dev.fewbit.runtime.session.SessionSettings.Optimization;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs models in ONNX Runtime, and looks at what it made of them. */
final class Runs {
    private Runs() {}

    /** Outputs by name, without any rewriting by the runtime. */
    static Map<String, float[]> literally(Path model, Map<String, NumberArray> inputs) {
        return run(model, inputs, SessionSettings.withThreads(1).optimized(Optimization.NONE));
    }

    /** Outputs by name, with all that the runtime does by default. */
    static Map<String, float[]> optimized(Path model, Map<String, NumberArray> inputs) {
        return run(model, inputs, SessionSettings.withThreads(1));
    }

    /** The same; also writes the model that the runtime makes of it. */
    static Map<String, float[]> optimized(
            Path model, Map<String, NumberArray> inputs, Path rewritten) {
        SessionSettings settings = SessionSettings.withThreads(1).writingOptimizedModel(rewritten);
        return run(model, inputs, settings);
    }

    /** Outputs with their shapes. */
    static Map<String, NumberArray> arrays(Path model, Map<String, NumberArray> inputs) {
        try (ModelSession session = ModelSession.open(model, SessionSettings.withThreads(1))) {
            return session.run(new Sample(0, inputs, Optional.empty()));
        }
    }

    private static Map<String, float[]> run(
            Path model, Map<String, NumberArray> inputs, SessionSettings settings) {
        Map<String, float[]> floats = new LinkedHashMap<>();
        try (ModelSession session = ModelSession.open(model, settings)) {
            session.run(new Sample(0, inputs, Optional.empty()))
                    .forEach((name, array) -> floats.put(name, floats(array)));
        }
        return floats;
    }

    static float[] floats(NumberArray array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) array.doubleAt(i);
        }
        return values;
    }

    /** The operators of the model that the runtime makes of a model, in order. */
    static List<String> kernels(Path model, Path folder) throws IOException {
        Path file = folder.resolve("optimized.onnx");
        try (ModelSession _ =
                ModelSession.open(
                        model, SessionSettings.withThreads(1).writingOptimizedModel(file))) {
            return operators(file);
        }
    }

    /** The operators of a model, in order. */
    static List<String> operators(Path model) throws IOException {
        List<String> operators = new ArrayList<>();
        for (Node node : OnnxReader.read(model).graph().allNodes()) {
            operators.add(node.opType());
        }
        return operators;
    }

    /** Every float value of a network, inputs and constants included, by name. */
    static Map<String, float[]> values(NetBuilder.Net net, Path folder) throws IOException {
        Path plain = folder.resolve("plain.onnx");
        OnnxWriter.write(net.model(), plain, WriteOptions.defaults());
        Model model = OnnxReader.read(plain);
        for (Node node : model.graph().nodes()) {
            for (Value output : node.outputs()) {
                if (output != null && !output.isGraphOutput() && !node.is("ArgMax")) {
                    output.setType(ElementType.FLOAT, null);
                    model.graph().addOutput(output);
                }
            }
        }
        Path all = folder.resolve("values.onnx");
        OnnxWriter.write(model, all, WriteOptions.defaults());
        Map<String, float[]> values = new LinkedHashMap<>(literally(all, net.inputs()));
        net.inputs().forEach((name, array) -> values.put(name, floats(array)));
        for (var constant : net.model().graph().initializers().entrySet()) {
            if (constant.getValue().elementType() == ElementType.FLOAT) {
                values.put(constant.getKey().name(), constant.getValue().floats());
            }
        }
        return values;
    }
}
