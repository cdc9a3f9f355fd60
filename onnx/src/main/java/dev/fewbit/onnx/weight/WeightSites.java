package dev.fewbit.onnx.weight;

import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Finds the constant floating-point tensors of a model and what they are used for. */
public final class WeightSites {
    private WeightSites() {}

    /**
     * Every constant tensor of a floating-point type that some node reads, in the order of the
     * file: initializers, then Constant nodes, subgraphs after the graph around them. Reads go
     * through Identity and through the transpose of a matrix.
     */
    public static List<WeightSite> find(Model model) {
        List<WeightSite> sites = new ArrayList<>();
        collect(model.graph(), sites);
        return sites;
    }

    private static void collect(Graph graph, List<WeightSite> sites) {
        graph.initializers().forEach((value, tensor) -> add(value, tensor, graph, sites));
        for (Node node : graph.nodes()) {
            Tensor constant = node.is("Constant") ? constantTensor(node) : null;
            if (constant != null) {
                add(node.onlyOutput(), constant, graph, sites);
            }
            node.subgraphs().forEach(subgraph -> collect(subgraph, sites));
        }
    }

    private static @Nullable Tensor constantTensor(Node constant) {
        return constant.attribute("value") == null ? null : constant.tensorAttribute("value");
    }

    private static void add(Value value, Tensor tensor, Graph graph, List<WeightSite> sites) {
        if (tensor.elementType().isReadableAsFloats()) {
            List<WeightUse> uses = new ArrayList<>();
            collectUses(value, false, tensor.shape().length, uses);
            if (!uses.isEmpty()) {
                sites.add(new WeightSite(value, tensor, graph, uses));
            }
        }
    }

    private static void collectUses(
            Value value, boolean transposed, int rank, List<WeightUse> uses) {
        for (Node node : value.consumers()) {
            if (node.is("Identity")) {
                collectUses(node.onlyOutput(), transposed, rank, uses);
            } else if (node.is("Transpose") && rank == 2 && swapsAxes(node)) {
                collectUses(node.onlyOutput(), !transposed, rank, uses);
            } else {
                for (int input = 0; input < node.inputs().size(); input++) {
                    if (node.input(input) == value) {
                        uses.add(use(node, input, transposed, rank));
                    }
                }
            }
        }
    }

    private static boolean swapsAxes(Node transpose) {
        long[] permutation = transpose.intsAttribute("perm");
        return permutation == null || (permutation[0] == 1 && permutation[1] == 0);
    }

    private static WeightUse use(Node node, int input, boolean transposed, int rank) {
        WeightRole role =
                node.domain().isEmpty() ? role(node, input, rank, transposed) : WeightRole.OTHER;
        boolean flipped =
                (role == WeightRole.GEMM_RIGHT && node.intAttribute("transB", 0) != 0)
                        || (role == WeightRole.GEMM_LEFT && node.intAttribute("transA", 0) != 0);
        return new WeightUse(node, input, role, transposed != flipped);
    }

    private static WeightRole role(Node node, int input, int rank, boolean transposed) {
        return switch (node.opType()) {
            case "MatMul" ->
                    rank < 2
                            ? WeightRole.OTHER
                            : input == 1 ? WeightRole.MATMUL_RIGHT : WeightRole.MATMUL_LEFT;
            case "Gemm" ->
                    switch (input) {
                        case 0 -> WeightRole.GEMM_LEFT;
                        case 1 -> WeightRole.GEMM_RIGHT;
                        default -> WeightRole.OTHER;
                    };
            case "Conv" -> input == 1 && !transposed ? WeightRole.CONVOLUTION : WeightRole.OTHER;
            case "ConvTranspose" ->
                    input == 1 && !transposed
                            ? WeightRole.TRANSPOSED_CONVOLUTION
                            : WeightRole.OTHER;
            case "LSTM", "GRU", "RNN" ->
                    (input == 1 || input == 2) && rank == 3
                            ? WeightRole.RECURRENT
                            : WeightRole.OTHER;
            case "Gather" ->
                    input == 0 && rank == 2 && !transposed && isRowAxis(node)
                            ? WeightRole.TABLE
                            : WeightRole.OTHER;
            default -> WeightRole.OTHER;
        };
    }

    private static boolean isRowAxis(Node gather) {
        long axis = gather.intAttribute("axis", 0);
        return axis == 0 || axis == -2;
    }
}
