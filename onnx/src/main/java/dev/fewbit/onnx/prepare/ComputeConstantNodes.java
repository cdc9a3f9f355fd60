package dev.fewbit.onnx.prepare;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.opset.ValueFacts;
import dev.fewbit.onnx.shape.ValueShapes;

import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Nodes that depend on constants alone are computed once.
 *
 * <pre>{@code
 * Cast(c) -> d; Reshape(d, s) -> e; Pad(x, e) -> y      becomes      Pad(x, e) -> y
 *                                                                    with initializer e
 * }</pre>
 *
 * <p>All of them are evaluated in one go. A result of more than 1 MiB that takes more than twice
 * the bytes of the constants that it makes superfluous is not stored: that node stays, and reads
 * what is computed before it.
 */
final class ComputeConstantNodes implements Rewrite {

    private static final long LARGE = 1 << 20;

    /** What may come up on the way to a smaller result. */
    private static final long HUGE = 1 << 28;

    private static final int MOST_GROWTH = 2;

    private final ConstantEvaluator evaluator;

    /** Nodes whose results are not stored, found in this round or an earlier one. */
    private final Set<Node> kept = Collections.newSetFromMap(new IdentityHashMap<>());

    /** Nodes that are not even computed. */
    private final Set<Node> excluded = Collections.newSetFromMap(new IdentityHashMap<>());

    ComputeConstantNodes(ConstantEvaluator evaluator) {
        this.evaluator = evaluator;
    }

    @Override
    public boolean apply(Model model, Notes notes) {
        PureOperators pure = new PureOperators(model);
        ValueFacts facts = ValueFacts.of(model);
        ValueShapes shapes = facts.shapes();
        while (true) {
            ConstantRegion region =
                    ConstantRegion.of(
                            model,
                            node -> !excluded.contains(node) && pure.contains(node),
                            kept::contains);
            if (region.frontier().isEmpty()) {
                return false;
            }
            if (leaveForeseeablyLarge(region, shapes, facts, notes)) {
                continue;
            }
            Map<String, String> failures = new HashMap<>();
            Map<String, Tensor> results = evaluate(region, failures);
            if (!leaveObstacles(region, results, failures, notes)) {
                store(model.graph(), region, results, notes);
                return true;
            }
        }
    }

    /**
     * So that nothing is computed that would not be stored, or that memory does not suffice for.
     */
    private boolean leaveForeseeablyLarge(
            ConstantRegion region, ValueShapes shapes, ValueFacts facts, Notes notes) {
        boolean any = false;
        for (Node node : region.nodes()) {
            for (Value output : node.outputs()) {
                double bytes = output == null ? 0 : foreseenBytes(output, shapes, facts);
                if (output != null && bytes > LARGE && grows(region, output, bytes)) {
                    boolean tooLargeToCompute = bytes > HUGE && excluded.add(node);
                    boolean tooLargeToStore =
                            region.frontier().contains(output) && keep(node, bytes, notes);
                    any |= tooLargeToCompute || tooLargeToStore;
                }
            }
        }
        return any;
    }

    private static double foreseenBytes(Value value, ValueShapes shapes, ValueFacts facts) {
        long[] sizes = shapes.sizes(value);
        if (sizes == null) {
            return 0;
        }
        ElementType type = facts.elementType(value);
        double bytes = type == null ? Float.BYTES : type.bits() / 8.0;
        for (long size : sizes) {
            bytes *= size;
        }
        return bytes;
    }

    private static boolean grows(ConstantRegion region, Value value, double bytes) {
        return bytes > MOST_GROWTH * (double) region.replacedBytes(value);
    }

    private boolean keep(Node node, double bytes, Notes notes) {
        boolean added = kept.add(node);
        if (added) {
            notes.left(
                    node,
                    "Its result is constant, but takes %.1f MB, more than twice what it replaces."
                            .formatted(bytes / 1e6));
        }
        return added;
    }

    private Map<String, Tensor> evaluate(ConstantRegion region, Map<String, String> failures) {
        try {
            return evaluator.evaluate(region.toModel(region.frontier()));
        } catch (ConstantEvaluationException _) {
            // Something cannot be computed: find out what, and compute the rest.
            Map<String, Tensor> results = new HashMap<>();
            for (Value value : region.frontier()) {
                try {
                    results.putAll(evaluator.evaluate(region.toModel(List.of(value))));
                } catch (ConstantEvaluationException failure) {
                    failures.put(value.name(), failure.getMessage());
                }
            }
            return results;
        }
    }

    private boolean leaveObstacles(
            ConstantRegion region,
            Map<String, Tensor> results,
            Map<String, String> failures,
            Notes notes) {
        boolean any = false;
        for (Value value : region.frontier()) {
            Node node = Objects.requireNonNull(value.producer(), "computed values have a producer");
            Tensor result = results.get(value.name());
            if (result != null) {
                double bytes = (double) result.byteSize();
                any |= bytes > LARGE && grows(region, value, bytes) && keep(node, bytes, notes);
                continue;
            }
            any = true;
            if (excluded.add(node)) {
                String reason = failures.getOrDefault(value.name(), "its type cannot be read");
                notes.left(node, "Its result is constant, but was not computed: " + reason + ".");
            }
        }
        return any;
    }

    private static void store(
            Graph graph, ConstantRegion region, Map<String, Tensor> results, Notes notes) {
        for (Value value : region.frontier()) {
            Node node = Objects.requireNonNull(value.producer(), "computed values have a producer");
            Tensor result = Objects.requireNonNull(results.get(value.name()), "checked before");
            graph.setInitializer(node.releaseOutput(node.outputs().indexOf(value)), result);
        }
        Map<String, Integer> counts = new TreeMap<>();
        region.superfluous().forEach(node -> counts.merge(node.opType(), 1, Integer::sum));
        graph.removeUnused();
        notes.done(
                "Nodes that depend on constants alone were computed: "
                        + Counts.words(counts)
                        + ".");
    }
}
