package dev.fewbit.search;

import dev.fewbit.Activations;
import dev.fewbit.NetworkKind;
import dev.fewbit.Recipe;
import dev.fewbit.WeightFamily;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.Rounding;
import dev.fewbit.core.plan.UsePlan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.onnx.encode.Labels;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.planning.NodeArithmetic;
import dev.fewbit.planning.Planner;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Thinks of everything that the weights of a network may become. */
final class Menus {
    private static final int EIGHT = Byte.SIZE;

    /** Beyond this width evenly spaced levels are as good as others. */
    private static final int MOST_UNEVEN_BITS = 4;

    /** Next to nothing is between 6 and 8 bits, and those are packed for nothing. */
    private static final int SEVEN = 7;

    /** Longer blocks beside the usual ones: fewer scales, less precise. */
    private static final int LONG_BLOCK = 128;

    /** Widths up to which scales are a part of the size that counts. */
    private static final int MOST_BITS_IN_LONG_BLOCKS = 4;

    /** Weights from which on a table is large. */
    private static final long LARGE_TABLE = 1 << 21;

    private final SearchRequest request;
    private final StartingPoint start;

    private Menus(SearchRequest request, StartingPoint start) {
        this.request = request;
        this.start = start;
    }

    /**
     * The menus of all weights that are quantized at the start, in the order of its plan.
     *
     * @param model the prepared and corrected float model
     */
    static List<Menu> of(Model model, SearchRequest request, StartingPoint start) {
        return new Menus(request, start).of(model);
    }

    private List<Menu> of(Model model) {
        Map<String, Map<String, FormatOption>> options = new LinkedHashMap<>();
        for (WeightPlan weight : start.plan().weights()) {
            Map<String, FormatOption> own = new LinkedHashMap<>();
            if (takesEightBits()) {
                FormatOption option = new FormatOption(weight.tensor(), weight);
                own.put(option.key(), option);
            }
            if (request.floats() && !StartingPoint.isInteger(weight)) {
                FormatOption option = new FormatOption(weight.tensor(), null);
                own.put(option.key(), option);
            }
            options.put(weight.tensor(), own);
        }
        Map<String, WeightPlan> starts = new HashMap<>();
        start.plan().weights().forEach(weight -> starts.put(weight.tensor(), weight));
        Map<String, String> floatWeights = new HashMap<>();
        start.plan().skipped().forEach(skip -> floatWeights.put(skip.tensor(), skip.reason()));
        for (Recipe recipe : recipes()) {
            Plan plan = Planner.plan(model, recipe, new Integers(start.plan()), floatWeights);
            for (WeightPlan weight : plan.weights()) {
                WeightPlan before = starts.get(weight.tensor());
                if (before != null
                        && (recipe.weights() instanceof Affine || !isLargeTable(before))
                        && StartingPoint.isInteger(before) == StartingPoint.isInteger(weight)) {
                    FormatOption option = new FormatOption(weight.tensor(), weight);
                    options.computeIfAbsent(weight.tensor(), _ -> new LinkedHashMap<>())
                            .putIfAbsent(option.key(), option);
                }
            }
        }
        List<Menu> menus = new ArrayList<>();
        for (WeightPlan weight : start.plan().weights()) {
            List<FormatOption> own =
                    new ArrayList<>(options.getOrDefault(weight.tensor(), Map.of()).values());
            if (own.isEmpty()) {
                // Nothing that was asked for fits: it stays what it is.
                own.add(new FormatOption(weight.tensor(), weight));
            }
            menus.add(new Menu(weight, elements(weight), own));
        }
        return menus;
    }

    /** Learning levels for one takes longer than all else, and gains next to nothing. */
    private static boolean isLargeTable(WeightPlan weight) {
        return weight.uses().stream().allMatch(use -> use.operator().equals("Gather"))
                && elements(weight) > LARGE_TABLE;
    }

    private static long elements(WeightPlan weight) {
        return weight.shape().stream().reduce(1L, Math::multiplyExact);
    }

    private boolean takesEightBits() {
        return request.families().contains(WeightFamily.AFFINE) && request.mostBits() >= EIGHT;
    }

    private List<Recipe> recipes() {
        List<Recipe> recipes = new ArrayList<>();
        boolean products =
                start.network() == NetworkKind.PRODUCTS
                        && start.activations() != Activations.STATIC;
        for (WeightFamily family : WeightFamily.values()) {
            for (int bits = request.fewestBits(); bits <= request.mostBits(); bits++) {
                if (!request.families().contains(family)
                        || !family.has(bits)
                        || !isUseful(family, bits)) {
                    continue;
                }
                Recipe recipe =
                        Recipe.fewBits(family, bits)
                                .forNetwork(start.network())
                                .withActivations(start.activations())
                                .withAllLayersAlike()
                                .withRounding(Rounding.AUTO)
                                .withSeed(request.seed());
                recipes.add(recipe);
                if (products && family == WeightFamily.AFFINE && bits <= MOST_BITS_IN_LONG_BLOCKS) {
                    recipes.add(recipe.withGrouping(recipe.grouping().withSize(LONG_BLOCK)));
                }
            }
        }
        return recipes;
    }

    /** What is asked for alone is done; beside others, what is no better is left out. */
    private boolean isUseful(WeightFamily family, int bits) {
        if (request.fewestBits() == request.mostBits()
                || !request.families().contains(WeightFamily.AFFINE)) {
            return true;
        }
        return family == WeightFamily.AFFINE ? bits != SEVEN : bits <= MOST_UNEVEN_BITS;
    }

    /** Nodes whose weights integer kernels read at the start. */
    private static final class Integers implements NodeArithmetic {
        private final Set<String> labels = new HashSet<>();

        Integers(Plan plan) {
            for (WeightPlan weight : plan.weights()) {
                for (UsePlan use : weight.uses()) {
                    if (use.encoding() == Encoding.INTEGER) {
                        labels.add(use.node());
                    }
                }
            }
        }

        @Override
        public boolean isInteger(Node node) {
            return labels.contains(Labels.of(node));
        }

        @Override
        public Optional<String> floatReason(Node node) {
            return Optional.empty();
        }
    }
}
