package dev.fewbit.planning;

import dev.fewbit.FewbitException;
import dev.fewbit.core.findings.SkippedWeight;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.UsePlan;
import dev.fewbit.core.plan.WeightPlan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Plans as YAML, one line for every decision that a person may want to change. */
public final class PlanYaml {
    /** Version of the layout below. */
    static final int VERSION = 1;

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_/.][A-Za-z0-9_/.+-]*");
    private static final Pattern LOOKS_LIKE_ANOTHER_TYPE =
            Pattern.compile(
                    "[-+.0-9].*|~|null|true|false|yes|no|on|off|y|n", Pattern.CASE_INSENSITIVE);

    private PlanYaml() {}

    /** The plan as YAML; {@link #parse} reads it back. The same plan gives the same text. */
    public static String write(Plan plan) {
        StringBuilder out = new StringBuilder();
        out.append("# What Fewbit does to every weight. Edit it and give it back with --plan.\n");
        out.append("# Taking a weight off the list leaves it float.\n");
        out.append("fewbit-plan: ").append(VERSION).append('\n');
        out.append("model: ").append(scalar(plan.model())).append('\n');
        out.append("recipe: ").append(scalar(plan.recipe())).append('\n');
        out.append("seed: ").append(plan.seed()).append('\n');
        GraphPlanYaml.append(out, plan.graph());
        out.append("weights:").append(plan.weights().isEmpty() ? " []\n" : "\n");
        plan.weights().forEach(weight -> append(out, weight));
        out.append("skipped:").append(plan.skipped().isEmpty() ? " []\n" : "\n");
        plan.skipped().forEach(skipped -> append(out, skipped));
        return out.toString();
    }

    private static void append(StringBuilder out, WeightPlan weight) {
        out.append("  - tensor: ").append(scalar(weight.tensor())).append('\n');
        out.append("    shape: ").append(numbers(weight.shape())).append('\n');
        out.append("    format: ").append(PlanWords.format(weight.format())).append('\n');
        out.append("    granularity: ").append(weight.grouping()).append('\n');
        out.append("    range: ").append(scalar(PlanWords.range(weight.range()))).append('\n');
        out.append("    rounding: ").append(weight.rounding()).append('\n');
        out.append("    uses:\n");
        for (UsePlan use : weight.uses()) {
            out.append("      - {node: ").append(scalar(use.node()));
            out.append(", operator: ").append(scalar(use.operator()));
            out.append(", encoding: ").append(use.encoding()).append("}\n");
        }
        out.append("    reason: ").append(scalar(weight.reason())).append('\n');
    }

    private static void append(StringBuilder out, SkippedWeight skipped) {
        out.append("  - {tensor: ").append(scalar(skipped.tensor()));
        out.append(", operator: ").append(scalar(skipped.operator()));
        out.append(", shape: ").append(numbers(skipped.shape()));
        out.append(", bytes: ").append(skipped.bytes());
        out.append(", reason: ").append(scalar(skipped.reason())).append("}\n");
    }

    private static String numbers(List<Long> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
    }

    /**
     * A YAML scalar: plain where that is safe, otherwise double-quoted with JSON's escapes, which
     * YAML shares.
     */
    static String scalar(String text) {
        if (PLAIN.matcher(text).matches() && !LOOKS_LIKE_ANOTHER_TYPE.matcher(text).matches()) {
            return text;
        }
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                case '\r' -> quoted.append("\\r");
                default -> {
                    if (c < ' '
                            || c == 0x7f
                            || c == 0x85
                            || c == 0x2028
                            || c == 0x2029
                            || c == 0xfeff) {
                        quoted.append(String.format("\\u%04x", (int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }

    /**
     * Reads a plan from a file.
     *
     * @throws FewbitException naming the file, the line and what was expected if it is not a plan
     */
    public static Plan read(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException failure) {
            throw new FewbitException(
                    "cannot read the plan " + file + ": " + failure.getMessage(), failure);
        }
        return parse(text, file.toString());
    }

    /**
     * Reads a plan from a text.
     *
     * @param source where the text came from, for messages
     * @throws FewbitException naming the source, the line and what was expected if it is not a plan
     */
    public static Plan parse(String text, String source) {
        return new PlanYamlParser(source).parse(text);
    }
}
