package dev.fewbit.planning;

import dev.fewbit.FewbitException;
import dev.fewbit.core.findings.SkippedWeight;
import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.Rounding;
import dev.fewbit.core.plan.UsePlan;
import dev.fewbit.core.plan.WeightPlan;

import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

import java.util.Map;
import java.util.Set;

/** Reads plans node by node, so that every complaint names its line. */
final class PlanYamlParser {
    private final String source;
    private final YamlNodes yaml;

    PlanYamlParser(String source) {
        this.source = source;
        this.yaml = new YamlNodes(source);
    }

    Plan parse(String text) {
        Node root;
        try {
            root =
                    new Compose(LoadSettings.builder().setLabel(source).build())
                            .composeString(text)
                            .orElseThrow(
                                    () ->
                                            new FewbitException(
                                                    source + " is empty; expected a plan"));
        } catch (YamlEngineException notYaml) {
            throw new FewbitException("not YAML: " + notYaml.getMessage(), notYaml);
        }
        Map<String, Node> fields =
                yaml.fields(
                        root,
                        Set.of(
                                "fewbit-plan",
                                "model",
                                "recipe",
                                "seed",
                                "preparation",
                                "corrections",
                                "activations",
                                "operators",
                                "weights",
                                "skipped"));
        long version = yaml.number(yaml.required(root, fields, "fewbit-plan"));
        if (version != PlanYaml.VERSION) {
            throw yaml.complaint(
                    root,
                    "this is plan version "
                            + version
                            + "; this Fewbit reads version "
                            + PlanYaml.VERSION);
        }
        return yaml.checked(
                root,
                () ->
                        new Plan(
                                yaml.text(yaml.required(root, fields, "model")),
                                yaml.text(yaml.required(root, fields, "recipe")),
                                yaml.number(yaml.required(root, fields, "seed")),
                                new GraphPlanYamlParser(yaml).parse(fields),
                                yaml.list(yaml.required(root, fields, "weights"), this::weight),
                                yaml.optionalList(fields, "skipped", this::skipped)));
    }

    private WeightPlan weight(Node node) {
        Map<String, Node> fields =
                yaml.fields(
                        node,
                        Set.of(
                                "tensor",
                                "shape",
                                "format",
                                "granularity",
                                "range",
                                "rounding",
                                "uses",
                                "reason"));
        return yaml.checked(
                node,
                () ->
                        new WeightPlan(
                                yaml.text(yaml.required(node, fields, "tensor")),
                                yaml.list(yaml.required(node, fields, "shape"), yaml::number),
                                yaml.word(
                                        yaml.required(node, fields, "format"),
                                        PlanWords::parseFormat),
                                yaml.word(
                                        yaml.required(node, fields, "granularity"),
                                        Grouping::parse),
                                yaml.word(
                                        yaml.required(node, fields, "range"),
                                        PlanWords::parseRange),
                                fields.containsKey("rounding")
                                        ? yaml.word(
                                                yaml.required(node, fields, "rounding"),
                                                Rounding::ofLabel)
                                        : Rounding.NEAREST,
                                yaml.list(yaml.required(node, fields, "uses"), this::use),
                                yaml.optionalText(fields, "reason")));
    }

    private UsePlan use(Node node) {
        Map<String, Node> fields = yaml.fields(node, Set.of("node", "operator", "encoding"));
        return new UsePlan(
                yaml.text(yaml.required(node, fields, "node")),
                yaml.text(yaml.required(node, fields, "operator")),
                yaml.word(yaml.required(node, fields, "encoding"), Encoding::ofLabel));
    }

    private SkippedWeight skipped(Node node) {
        Map<String, Node> fields =
                yaml.fields(node, Set.of("tensor", "operator", "shape", "bytes", "reason"));
        return new SkippedWeight(
                yaml.text(yaml.required(node, fields, "tensor")),
                yaml.text(yaml.required(node, fields, "operator")),
                yaml.list(yaml.required(node, fields, "shape"), yaml::number),
                yaml.number(yaml.required(node, fields, "bytes")),
                yaml.text(yaml.required(node, fields, "reason")));
    }
}
