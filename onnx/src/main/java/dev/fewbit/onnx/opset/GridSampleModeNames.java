package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Node;

import java.util.Set;

/**
 * Opset 20: GridSample works on any number of axes, and its modes lose "bi" from their names.
 *
 * <pre>
 * before:  GridSample(x, grid, mode="bilinear")     GridSample(x, grid, mode="bicubic")
 * after:   GridSample(x, grid, mode="linear")       GridSample(x, grid, mode="cubic")
 * </pre>
 */
final class GridSampleModeNames implements Adapter {

    @Override
    public int version() {
        return 20;
    }

    @Override
    public Set<String> operators() {
        return Set.of("GridSample");
    }

    @Override
    public void rewrite(Node node, Rewriting rewriting) {
        switch (node.stringAttribute("mode", "bilinear")) {
            case "bilinear" -> node.setAttribute("mode", "linear");
            case "bicubic" -> node.setAttribute("mode", "cubic");
            default -> {
                // "nearest" keeps its name.
            }
        }
    }
}
