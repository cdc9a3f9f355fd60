package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Node;

import java.util.Set;

/**
 * Opset 9: Scan loses its batch axis and its sequence lengths. There is no equal under opset 9, so
 * every Scan of opset 8 is refused.
 */
final class ScanWithoutBatch implements Adapter {

    @Override
    public int version() {
        return 9;
    }

    @Override
    public Set<String> operators() {
        return Set.of("Scan");
    }

    @Override
    public String obstacle(Node node, ValueFacts facts) {
        return "opset 9 took the batch axis and the sequence lengths away from Scan, and gives no"
                + " equal; export the model again with opset 9 or newer";
    }

    @Override
    public void rewrite(Node node, Rewriting rewriting) {
        throw new IllegalStateException("Scan of opset 8 is always refused before: " + node);
    }
}
