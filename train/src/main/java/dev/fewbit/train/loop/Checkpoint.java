package dev.fewbit.train.loop;

import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.MetadataEntry;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.io.WriteOptions;
import dev.fewbit.train.torch.Tensors;

import org.bytedeco.pytorch.Tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The state of a training in a file: an ONNX model of nothing but constants and metadata. */
final class Checkpoint {
    private static final long IR_VERSION = 8;
    private static final long OPSET = 17;

    private final Path file;

    Checkpoint(Path file) {
        this.file = file;
    }

    boolean exists() {
        return Files.exists(file);
    }

    /** Writes the state; the file appears whole or stays what it was. */
    void save(Map<String, Tensor> tensors, Map<String, String> facts) throws IOException {
        Graph graph = new Graph("checkpoint");
        tensors.forEach(
                (name, tensor) ->
                        graph.addInitializer(
                                name,
                                dev.fewbit.onnx.graph.Tensor.ofFloats(
                                        Tensors.shape(tensor), Tensors.floats(tensor))));
        Model model = new Model(IR_VERSION, graph);
        model.setOpset("", OPSET);
        facts.forEach(model::putMetadata);
        OnnxWriter.write(model, file, WriteOptions.defaults().withThreads(1));
    }

    /**
     * Reads the state back into tensors of the same names and shapes.
     *
     * @return the facts
     * @throws IOException if it is the state of another training, saying what does not fit
     */
    Map<String, String> load(Map<String, Tensor> tensors) throws IOException {
        Model model = OnnxReader.read(file);
        Map<String, dev.fewbit.onnx.graph.Tensor> found = new LinkedHashMap<>();
        model.graph().initializers().forEach((value, tensor) -> found.put(value.name(), tensor));
        if (!found.keySet().equals(tensors.keySet())) {
            throw misfit(
                    "it has %d tensors, %d are expected".formatted(found.size(), tensors.size()));
        }
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            dev.fewbit.onnx.graph.Tensor own = found.get(entry.getKey());
            if (own == null || !Arrays.equals(own.shape(), Tensors.shape(entry.getValue()))) {
                throw misfit("its tensor '" + entry.getKey() + "' is " + own);
            }
        }
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            dev.fewbit.onnx.graph.Tensor own = found.get(entry.getKey());
            if (own != null) {
                try (Tensor saved = Tensors.of(own)) {
                    entry.getValue().detach().copy_(saved);
                }
            }
        }
        Map<String, String> facts = new LinkedHashMap<>();
        for (MetadataEntry entry : model.metadata()) {
            facts.put(entry.key(), entry.value());
        }
        return facts;
    }

    IOException misfit(String what) {
        return new IOException(
                "%s is the state of another training: %s. Go on with the options that it was begun with, or give another folder"
                        .formatted(file, what));
    }
}
