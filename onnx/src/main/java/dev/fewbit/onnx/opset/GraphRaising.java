package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Attribute;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;

/** Checks and rewrites the nodes of one graph and its subgraphs. */
final class GraphRaising {

    private final Graph graph;
    private final int current;
    private final int target;
    private final ValueFacts facts;

    /**
     * @param model its graph is raised, its opset import and its functions stay
     * @param current the opset it is written for
     * @param target the opset it is to be written for, above {@code current}
     */
    GraphRaising(Model model, int current, int target) {
        this.graph = model.graph();
        this.current = current;
        this.target = target;
        this.facts = ValueFacts.of(model);
    }

    /** What stands in the way, in the order of the nodes; changes nothing. */
    List<String> obstacles() {
        List<String> obstacles = new ArrayList<>();
        for (Node node : graph.allNodes()) {
            if (node.domain().isEmpty()) {
                addObstacles(node, obstacles);
            }
        }
        return obstacles;
    }

    /** Rewrites all nodes, each from opset to opset; only for a graph without obstacles. */
    void rewrite() {
        Rewriting rewriting = new Rewriting(graph, target, facts);
        for (Node node : graph.allNodes()) {
            rewrite(node, current, rewriting);
        }
    }

    private void rewrite(Node node, int from, Rewriting rewriting) {
        int version = from;
        while (node.domain().isEmpty()) {
            Map.Entry<Integer, Adapter> next = Adapters.of(node.opType()).higherEntry(version);
            if (next == null || next.getKey() > target) {
                return;
            }
            version = next.getKey();
            next.getValue().rewrite(node, rewriting);
            for (Node added : rewriting.takeAdded()) {
                rewrite(added, version, rewriting);
            }
        }
    }

    private void addObstacles(Node node, List<String> obstacles) {
        String operator = node.opType();
        NavigableMap<Integer, OperatorVersions.Change> changes =
                OperatorVersions.table().changes(operator, current, target);
        if (changes == null) {
            obstacles.add(node + ": " + unknown(operator));
            return;
        }
        for (Map.Entry<Integer, OperatorVersions.Change> change : changes.entrySet()) {
            switch (change.getValue()) {
                case COMPATIBLE -> {}
                case COMPATIBLE_BUT_NOT_RUN ->
                        obstacles.add(node + ": " + notRun(change.getKey()) + ".");
                case NEEDS_ADAPTER, REMOVED -> {
                    Adapter adapter = adapter(operator, change.getKey());
                    addObstacle(node, adapter, obstacles);
                    String successor = adapter.successor(operator);
                    if (!successor.equals(operator)) {
                        addSuccessorObstacles(node, successor, change.getKey(), obstacles);
                        return;
                    }
                }
            }
        }
    }

    /** The node goes on as another operator from this version on. */
    private void addSuccessorObstacles(
            Node node, String successor, int version, List<String> obstacles) {
        NavigableMap<Integer, OperatorVersions.Change> changes =
                Objects.requireNonNull(
                        OperatorVersions.table().changes(successor, version, target), successor);
        for (Map.Entry<Integer, OperatorVersions.Change> change : changes.entrySet()) {
            if (change.getValue() == OperatorVersions.Change.NEEDS_ADAPTER) {
                addObstacle(node, adapter(successor, change.getKey()), obstacles);
            }
        }
    }

    private void addObstacle(Node node, Adapter adapter, List<String> obstacles) {
        Attribute unread = Attribute.unreadOf(node);
        String obstacle =
                unread != null
                        ? "its attribute "
                                + unread.name()
                                + " is not stated in the node but refers to an attribute of a"
                                + " function call, and the operator changed in opset "
                                + adapter.version()
                                + "; inline the model's functions first"
                                + " (onnx.inliner.inline_local_functions)"
                        : adapter.obstacle(node, facts);
        if (obstacle != null) {
            obstacles.add(node + ": " + obstacle + ".");
        }
    }

    private static Adapter adapter(String operator, int version) {
        return Objects.requireNonNull(Adapters.of(operator).get(version), operator);
    }

    private static String notRun(int version) {
        return "ONNX Runtime (looked at up to 1.30) runs it only up to opset "
                + (version - 1)
                + "; raise the model to that opset at most";
    }

    private String unknown(String operator) {
        return OperatorVersions.table().versions(operator).isEmpty()
                ? "Fewbit does not know how the operator changed between opset "
                        + current
                        + " and "
                        + target
                        + ", because the default domain has no such operator up to opset "
                        + OpsetRaiser.MAXIMUM
                        + "; leave the model at its opset, or give the operator its own domain."
                : "opset "
                        + current
                        + ", which the model states, has no such operator (its versions: "
                        + OperatorVersions.table().versions(operator).keySet()
                        + "); the model is invalid, export it again.";
    }
}
