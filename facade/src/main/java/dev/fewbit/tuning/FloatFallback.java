package dev.fewbit.tuning;

import dev.fewbit.planning.integer.PlannedLayer;
import dev.fewbit.tuning.LayerSensitivity.Ranked;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Leaves layers in float until the model loses no more than it may: the worst first, and as few
 * bytes as possible.
 *
 * <p>A layer goes down in two steps: first it computes in float with weights that stay in 8 bits,
 * which costs time and no bytes; then its weights are floats, too. Steps are taken in one order,
 * layers by what they lose alone: the first step of every layer, or both at once for those that
 * lose as much with float activations, then the second step of all others. The shortest beginning
 * of that order with which the limit is met is found by doubling and halving. At last steps are
 * taken back one by one, those of most bytes first, where the limit is met without them.
 */
final class FloatFallback {
    private static final int RANKING_TRIALS = 48;
    private static final int LARGEST_CLOSELY = 6;
    private static final int PRUNING_TRIALS = 16;
    private static final double MOSTLY = 0.75;

    private final Workbench bench;
    private final Candidate start;
    private final LossGoal goal;
    private final List<PlannedLayer> layers;
    private final Map<PlannedLayer, Double> alone = new LinkedHashMap<>();

    /** How far a layer is from integers. */
    enum Depth {
        FLOAT_ACTIVATIONS,
        FLOAT_WEIGHTS
    }

    /** A step of a layer. */
    private record Step(PlannedLayer layer, Depth depth) {}

    /**
     * What came of it.
     *
     * @param candidate the candidate with layers left in float
     * @param loss what it loses
     * @param depths the layers that are left in float, the worst first
     */
    record Result(Candidate candidate, double loss, Map<PlannedLayer, Depth> depths) {}

    private FloatFallback(Workbench bench, Candidate start, LossGoal goal) throws IOException {
        this.bench = bench;
        this.start = start;
        this.goal = goal;
        this.layers = bench.planner(start).layers();
    }

    /**
     * Leaves layers in float until the goal is met.
     *
     * @param start the candidate, which misses the goal
     * @param mostSteps how many steps may be taken
     * @return the candidate that meets the goal, or, if none does, the last one tried
     */
    static Result apply(Workbench bench, Candidate start, LossGoal goal, int mostSteps)
            throws IOException {
        FloatFallback fallback = new FloatFallback(bench, start, goal);
        List<Step> steps = fallback.steps();
        return fallback.descend(steps.subList(0, Math.min(mostSteps, steps.size())));
    }

    private List<Step> steps() throws IOException {
        bench.options().progress().update("looking for the worst layers", 0, 1);
        List<Ranked> ranked = LayerSensitivity.rank(bench, start, layers, RANKING_TRIALS);
        List<Step> steps = new ArrayList<>();
        List<Step> last = new ArrayList<>();
        int closely = 0;
        for (Ranked each : ranked) {
            PlannedLayer layer = each.layer();
            alone.put(layer, each.loss());
            boolean weightsToo = !layer.isInteger();
            if (layer.isInteger() && each.measured() && closely < LARGEST_CLOSELY) {
                closely++;
                weightsToo = losesByWeights(layer, each.loss());
            }
            steps.add(new Step(layer, weightsToo ? Depth.FLOAT_WEIGHTS : Depth.FLOAT_ACTIVATIONS));
            if (!weightsToo) {
                last.add(new Step(layer, Depth.FLOAT_WEIGHTS));
            }
        }
        steps.addAll(last);
        return steps;
    }

    /** Whether a layer loses most of it when nothing but its weights is rounded. */
    private boolean losesByWeights(PlannedLayer layer, double loss) throws IOException {
        Candidate only = LayerSensitivity.only(start, layers, List.of(layer));
        Map<String, String> nodes = new LinkedHashMap<>();
        layer.nodes().forEach(node -> nodes.put(node, ""));
        return bench.loss(only.withFloat(nodes, Map.of(), Set.of())) > MOSTLY * loss;
    }

    private Result descend(List<Step> steps) throws IOException {
        int missed = 0;
        int reached = 1;
        Result result = tried(steps, Math.min(reached, steps.size()));
        while (!goal.isMetBy(result.loss()) && reached < steps.size()) {
            missed = reached;
            reached = Math.min(2 * reached, steps.size());
            result = tried(steps, reached);
        }
        if (!goal.isMetBy(result.loss())) {
            return result;
        }
        while (reached - missed > 1) {
            int middle = (reached + missed) / 2;
            Result between = tried(steps, middle);
            if (goal.isMetBy(between.loss())) {
                reached = middle;
                result = between;
            } else {
                missed = middle;
            }
        }
        return prune(result);
    }

    private Result tried(List<Step> steps, int count) throws IOException {
        bench.options().progress().update("leaving layers in float", count, steps.size());
        Map<PlannedLayer, Depth> depths = new LinkedHashMap<>();
        steps.subList(0, count).forEach(step -> depths.put(step.layer(), step.depth()));
        return tried(depths);
    }

    private Result tried(Map<PlannedLayer, Depth> depths) throws IOException {
        Candidate candidate = with(depths);
        return new Result(candidate, goal.loss(bench, candidate), depths);
    }

    private Candidate with(Map<PlannedLayer, Depth> depths) {
        Map<String, String> nodes = new LinkedHashMap<>();
        Map<String, String> tensors = new LinkedHashMap<>();
        Set<String> unrounded = new HashSet<>();
        depths.forEach(
                (layer, depth) -> {
                    String reason = reason(layer);
                    layer.nodes().forEach(node -> nodes.put(node, reason));
                    if (depth == Depth.FLOAT_WEIGHTS) {
                        tensors.put(layer.tensor(), reason);
                        unrounded.addAll(layer.readers());
                    }
                });
        return start.withFloat(nodes, tensors, unrounded);
    }

    private String reason(PlannedLayer layer) {
        return String.format(
                Locale.ROOT,
                "left in float to keep the loss down: quantized alone, it causes a relative output"
                        + " error of %.3g",
                alone.getOrDefault(layer, Double.NaN));
    }

    /** Takes back what is not needed, most bytes first. */
    private Result prune(Result met) throws IOException {
        Result best = met;
        List<PlannedLayer> order = new ArrayList<>(met.depths().keySet());
        order.sort(
                Comparator.comparingLong(
                                (PlannedLayer layer) ->
                                        met.depths().get(layer) == Depth.FLOAT_WEIGHTS
                                                ? layer.floatBytes()
                                                : 0)
                        .thenComparingLong(PlannedLayer::floatBytes)
                        .reversed());
        if (order.size() < 2) {
            return best;
        }
        for (PlannedLayer layer : order.subList(0, Math.min(PRUNING_TRIALS, order.size()))) {
            Map<PlannedLayer, Depth> fewer = new LinkedHashMap<>(best.depths());
            boolean weights = fewer.remove(layer) == Depth.FLOAT_WEIGHTS;
            Result result = tried(fewer);
            if (!goal.isMetBy(result.loss()) && weights && layer.isInteger()) {
                fewer = new LinkedHashMap<>(best.depths());
                fewer.put(layer, Depth.FLOAT_ACTIVATIONS);
                result = tried(fewer);
            }
            if (goal.isMetBy(result.loss())) {
                best = result;
            }
        }
        return best;
    }
}
