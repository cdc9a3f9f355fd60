package dev.fewbit.onnx.io;

import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.wire.RemainderBuilder;
import dev.fewbit.onnx.wire.WireInput;

import java.util.ArrayList;
import java.util.List;

/** What the messages of a graph say, before names become references. */
final class GraphDraft {
    final Graph graph = new Graph("");
    final List<NodeDecoder.NodeDraft> nodes = new ArrayList<>();
    final List<Tensor> initializers = new ArrayList<>();
    final List<String> sparseInitializers = new ArrayList<>(0);
    final List<ValueInfoDecoder.ValueInfo> inputs = new ArrayList<>();
    final List<ValueInfoDecoder.ValueInfo> outputs = new ArrayList<>();
    final List<ValueInfoDecoder.ValueInfo> valueInfos = new ArrayList<>();
    final RemainderBuilder remainder;

    GraphDraft(WireInput input) {
        remainder = new RemainderBuilder(input);
    }
}
