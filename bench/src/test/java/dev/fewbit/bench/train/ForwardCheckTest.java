package dev.fewbit.bench.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Shape;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.io.WriteOptions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

class ForwardCheckTest {
    @TempDir private Path folder;

    @Test
    void bothComputeTheSame() throws IOException {
        Graph graph = new Graph("network");
        Value x = new Value("x");
        x.setType(ElementType.FLOAT, Shape.of(1, 2, 8, 8));
        graph.addInput(x);
        Value weight =
                graph.addInitializer(
                        "w", Tensor.ofFloats(new long[] {1, 2, 2, 2}, 1, -2, 3, 4, 5, -6, 7, 8));
        Value convolved = add(graph, new Node("Conv", "conv", x, weight));
        graph.addOutput(add(graph, new Node("Relu", "relu", convolved)));
        Model model = new Model(8, graph);
        model.setOpset("", 13);
        Path file = folder.resolve("network.onnx");
        OnnxWriter.write(model, file, WriteOptions.defaults());

        TwoRuns runs = TwoRuns.of(file, 1);

        assertThat(runs.inputs()).contains("x [1, 2, 8, 8]");
        assertThat(runs.error()).isLessThan(1e-6);
    }

    private static Value add(Graph graph, Node node) {
        Value output = node.addOutput(node.name() + " made");
        graph.add(node);
        return output;
    }
}
