package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.FunctionDefinition;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.InlineBytes;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.onnx.io.OnnxWriter;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * One function of a model, read as a small model so that the adapters work on its nodes, and put
 * back after raising. Constants made on the way become Constant nodes, for a function has no
 * initializers.
 */
final class FunctionBody {

    private final FunctionDefinition definition;
    private final byte[] encoded;
    private final Model body;

    private FunctionBody(FunctionDefinition definition, byte[] encoded, Model body) {
        this.definition = definition;
        this.encoded = encoded;
        this.body = body;
    }

    static FunctionBody of(FunctionDefinition definition) throws IOException {
        long size = definition.encoded().byteSize();
        Tensor bytes = new Tensor(ElementType.UINT8, new long[] {size}, definition.encoded());
        byte[] encoded = bytes.bytes();
        int irVersion = IrVersions.minimumFor(OpsetRaiser.MAXIMUM);
        Model body = OnnxReader.read(FunctionWire.toModel(encoded, irVersion));
        return new FunctionBody(definition, encoded, body);
    }

    /** What stands in the way in this body; empty when it needs no raising. */
    List<String> obstacles(int target) {
        OptionalLong current = body.opset("");
        return needsRaising(target)
                ? new GraphRaising(body, (int) current.getAsLong(), target).obstacles()
                : List.of();
    }

    /** The function for this opset; the definition itself when it needs no raising. */
    FunctionDefinition raised(int target) throws IOException {
        if (!needsRaising(target)) {
            return definition;
        }
        Graph graph = body.graph();
        new GraphRaising(body, (int) body.opset("").getAsLong(), target).rewrite();
        body.setOpset("", target);
        initializersToConstants(graph);
        byte[] raised = FunctionWire.replaceBody(encoded, OnnxWriter.toBytes(body));
        return new FunctionDefinition(
                definition.domain(),
                definition.name(),
                definition.overload(),
                InlineBytes.of(raised));
    }

    private boolean needsRaising(int target) {
        return body.opset("").orElse(target) < target;
    }

    private static void initializersToConstants(Graph graph) {
        Map<Value, Tensor> constants = new LinkedHashMap<>(graph.initializers());
        constants.forEach(
                (value, tensor) -> {
                    graph.removeInitializer(value);
                    Node constant =
                            new Node("Constant", graph.freshName(value.name() + "_constant"));
                    constant.setAttribute("value", tensor);
                    graph.insertBefore(graph.nodes().getFirst(), constant);
                    constant.addOutput(value);
                });
    }
}
