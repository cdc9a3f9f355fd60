package dev.fewbit;

import dev.fewbit.core.calibrate.ActivationRange;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.planning.PlanWords;

import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** Recipes as words: the name, then {@code key:value} for all that was changed. */
final class RecipeText {
    private static final String ACTIVATIONS = "activations:";
    private static final String BITS = "activation-bits:";
    private static final String CALIBRATION = "calibration:";
    private static final String CORRECTIONS = "corrections:";
    private static final String WEIGHTS = "weights:";

    private RecipeText() {}

    static String write(Recipe recipe, Recipe base) {
        StringJoiner words = new StringJoiner(" ");
        words.add(recipe.name());
        if (!recipe.grouping().equals(base.grouping())) {
            words.add(recipe.grouping().toString());
        }
        if (recipe.activations() != base.activations()) {
            words.add(ACTIVATIONS + recipe.activations().name().toLowerCase(Locale.ROOT));
        }
        if (!recipe.weights().equals(base.weights())) {
            words.add(WEIGHTS + PlanWords.format(recipe.weights()).replace(' ', ','));
        }
        StaticOptions statics = recipe.statics();
        if (statics.activationBits() != base.statics().activationBits()) {
            words.add(BITS + statics.activationBits());
        }
        if (!statics.calibration().equals(base.statics().calibration())) {
            words.add(
                    CALIBRATION
                            + statics.calibration()
                                    .map(ActivationRange::label)
                                    .orElse(StaticOptions.AUTO));
        }
        if (statics.corrections() != base.statics().corrections()) {
            words.add(CORRECTIONS + (statics.corrections() ? StaticOptions.AUTO : "none"));
        }
        return words.toString();
    }

    static Recipe parse(String description) {
        List<String> words = List.of(description.trim().split(" +", -1));
        Recipe recipe = Recipe.named(words.getFirst());
        for (String word : words.subList(1, words.size())) {
            StaticOptions statics = recipe.statics();
            if (word.startsWith(ACTIVATIONS)) {
                String name = after(ACTIVATIONS, word).toUpperCase(Locale.ROOT);
                recipe = recipe.withActivations(Activations.valueOf(name));
            } else if (word.startsWith(WEIGHTS)) {
                String format = after(WEIGHTS, word).replace(',', ' ');
                recipe = recipe.withWeights(PlanWords.parseAffine(format));
            } else if (word.startsWith(BITS)) {
                int bits = Integer.parseInt(after(BITS, word));
                recipe = recipe.withStatics(statics.withActivationBits(bits));
            } else if (word.startsWith(CALIBRATION)) {
                recipe = recipe.withStatics(statics.withCalibration(after(CALIBRATION, word)));
            } else if (word.startsWith(CORRECTIONS)) {
                boolean wanted = !after(CORRECTIONS, word).equals("none");
                recipe = recipe.withStatics(statics.withCorrections(wanted));
            } else {
                recipe = recipe.withGrouping(Grouping.parse(word));
            }
        }
        return recipe;
    }

    private static String after(String key, String word) {
        return word.substring(key.length());
    }
}
