package dev.fewbit;

import dev.fewbit.core.calibrate.ActivationRange;
import dev.fewbit.core.format.WeightFormat;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Rounding;
import dev.fewbit.planning.PlanWords;

import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.function.Function;

/**
 * Recipes as words: the name, what it was settled for, then {@code key:value} for all that was
 * changed.
 *
 * <p>A change may bring others along, so words are made and read in one order, each from what those
 * before it led to. One word for each property is enough for settled recipes, and for open ones as
 * long as what was changed is the same for all networks.
 */
final class RecipeText {
    private static final String NETWORK = "network:";
    private static final String ACTIVATIONS = "activations:";
    private static final String WEIGHTS = "weights:";
    private static final String TABLES = "tables:";
    private static final String RANGE = "range:";
    private static final String FRAGILE = "fragile:";
    private static final String ALL_LAYERS = "all-layers";
    private static final String ROUNDING = "rounding:";
    private static final String BITS = "activation-bits:";
    private static final String CALIBRATION = "calibration:";
    private static final String CORRECTIONS = "corrections:";

    private RecipeText() {}

    static String write(Recipe recipe) {
        StringJoiner words = new StringJoiner(" ");
        words.add(recipe.name());
        Recipe base = Recipe.named(recipe.name()).forNetwork(recipe.network());
        if (recipe.network() != NetworkKind.ANY) {
            words.add(NETWORK + recipe.network());
        }
        if (differ(recipe, base, Combination::activations)) {
            words.add(ACTIVATIONS + recipe.activations().name().toLowerCase(Locale.ROOT));
            base = base.withActivations(recipe.activations());
        }
        if (differ(recipe, base, Combination::weights)) {
            words.add(WEIGHTS + word(recipe.weights()));
        }
        if (differ(recipe, base, Combination::grouping)) {
            words.add(recipe.grouping().toString());
            base = base.withGrouping(recipe.grouping());
        }
        if (differ(recipe, base, Combination::tableGrouping)) {
            words.add(TABLES + recipe.tableGrouping());
        }
        if (differ(recipe, base, Combination::range)) {
            words.add(RANGE + PlanWords.range(recipe.range()).replace(' ', ','));
        }
        if (differ(recipe, base, Combination::fragile)) {
            words.add(recipe.fragile().map(format -> FRAGILE + word(format)).orElse(ALL_LAYERS));
        }
        if (differ(recipe, base, Combination::rounding)) {
            words.add(ROUNDING + recipe.rounding());
        }
        writeStatics(recipe.statics(), base.statics(), words);
        return words.toString();
    }

    private static boolean differ(
            Recipe recipe, Recipe base, Function<Combination, Object> property) {
        return !property.apply(recipe.combination()).equals(property.apply(base.combination()))
                || !recipe.forConvolutions()
                        .map(property)
                        .equals(base.forConvolutions().map(property));
    }

    private static String word(WeightFormat format) {
        return PlanWords.format(format).replace(' ', ',');
    }

    private static void writeStatics(
            StaticOptions statics, StaticOptions base, StringJoiner words) {
        if (statics.activationBits() != base.activationBits()) {
            words.add(BITS + statics.activationBits());
        }
        if (!statics.calibration().equals(base.calibration())) {
            words.add(
                    CALIBRATION
                            + statics.calibration()
                                    .map(ActivationRange::label)
                                    .orElse(StaticOptions.AUTO));
        }
        if (statics.corrections() != base.corrections()) {
            words.add(CORRECTIONS + (statics.corrections() ? StaticOptions.AUTO : "none"));
        }
    }

    static Recipe parse(String description) {
        List<String> words = List.of(description.trim().split(" +", -1));
        Recipe recipe = Recipe.named(words.getFirst());
        for (String word : words.subList(1, words.size())) {
            recipe = changed(recipe, word);
        }
        return recipe;
    }

    private static Recipe changed(Recipe recipe, String word) {
        StaticOptions statics = recipe.statics();
        if (word.equals(ALL_LAYERS)) {
            return recipe.withAllLayersAlike();
        }
        String value = word.substring(word.indexOf(':') + 1);
        return switch (word.substring(0, word.length() - value.length())) {
            case NETWORK -> recipe.forNetwork(NetworkKind.ofLabel(value));
            case ACTIVATIONS ->
                    recipe.withActivations(Activations.valueOf(value.toUpperCase(Locale.ROOT)));
            case WEIGHTS -> recipe.withWeights(PlanWords.parseFormat(value.replace(',', ' ')));
            case TABLES -> recipe.with(each -> each.withTables(Grouping.parse(value)));
            case RANGE ->
                    recipe.with(each -> each.with(PlanWords.parseRange(value.replace(',', ' '))));
            case FRAGILE -> recipe.withFragile(PlanWords.parseAffine(value.replace(',', ' ')));
            case ROUNDING -> recipe.withRounding(Rounding.ofLabel(value));
            case BITS -> recipe.withStatics(statics.withActivationBits(Integer.parseInt(value)));
            case CALIBRATION -> recipe.withStatics(statics.withCalibration(value));
            case CORRECTIONS -> recipe.withStatics(statics.withCorrections(!value.equals("none")));
            default -> recipe.withGrouping(Grouping.parse(word));
        };
    }
}
