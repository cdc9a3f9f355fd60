package dev.fewbit.planning;

import dev.fewbit.FewbitException;
import dev.fewbit.core.findings.SkippedWeight;
import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.UsePlan;
import dev.fewbit.core.plan.WeightPlan;

import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reads plans node by node, so that every complaint names its line. */
final class PlanYamlParser {
    private final String source;

    PlanYamlParser(String source) {
        this.source = source;
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
                fields(
                        root,
                        Set.of("fewbit-plan", "model", "recipe", "seed", "weights", "skipped"));
        long version = number(required(root, fields, "fewbit-plan"));
        if (version != PlanYaml.VERSION) {
            throw complaint(
                    root,
                    "this is plan version "
                            + version
                            + "; this Fewbit reads version "
                            + PlanYaml.VERSION);
        }
        List<WeightPlan> weights = list(required(root, fields, "weights"), this::weight);
        Node skipped = fields.get("skipped");
        try {
            return new Plan(
                    text(required(root, fields, "model")),
                    text(required(root, fields, "recipe")),
                    number(required(root, fields, "seed")),
                    weights,
                    skipped == null ? List.of() : list(skipped, this::skipped));
        } catch (IllegalArgumentException contradiction) {
            throw complaint(root, String.valueOf(contradiction.getMessage()));
        }
    }

    private WeightPlan weight(Node node) {
        Map<String, Node> fields =
                fields(
                        node,
                        Set.of(
                                "tensor",
                                "shape",
                                "format",
                                "granularity",
                                "range",
                                "uses",
                                "reason"));
        Node reason = fields.get("reason");
        return checked(
                node,
                () ->
                        new WeightPlan(
                                text(required(node, fields, "tensor")),
                                list(required(node, fields, "shape"), this::number),
                                word(required(node, fields, "format"), PlanWords::parseFormat),
                                word(required(node, fields, "granularity"), Grouping::parse),
                                word(required(node, fields, "range"), PlanWords::parseRange),
                                list(required(node, fields, "uses"), this::use),
                                reason == null ? "" : text(reason)));
    }

    private UsePlan use(Node node) {
        Map<String, Node> fields = fields(node, Set.of("node", "operator", "encoding"));
        return new UsePlan(
                text(required(node, fields, "node")),
                text(required(node, fields, "operator")),
                word(required(node, fields, "encoding"), Encoding::ofLabel));
    }

    private SkippedWeight skipped(Node node) {
        Map<String, Node> fields =
                fields(node, Set.of("tensor", "operator", "shape", "bytes", "reason"));
        return new SkippedWeight(
                text(required(node, fields, "tensor")),
                text(required(node, fields, "operator")),
                list(required(node, fields, "shape"), this::number),
                number(required(node, fields, "bytes")),
                text(required(node, fields, "reason")));
    }

    private Map<String, Node> fields(Node node, Set<String> known) {
        if (!(node instanceof MappingNode mapping)) {
            throw complaint(
                    node,
                    "expected fields such as "
                            + String.join(", ", known.stream().sorted().toList()));
        }
        Map<String, Node> fields = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String name = text(tuple.getKeyNode());
            if (!known.contains(name)) {
                throw complaint(
                        tuple.getKeyNode(),
                        "unknown field '"
                                + name
                                + "'; expected "
                                + String.join(", ", known.stream().sorted().toList()));
            }
            if (fields.put(name, tuple.getValueNode()) != null) {
                throw complaint(tuple.getKeyNode(), "field '" + name + "' stands here twice");
            }
        }
        return fields;
    }

    private Node required(Node parent, Map<String, Node> fields, String name) {
        Node node = fields.get(name);
        if (node == null) {
            throw complaint(parent, "field '" + name + "' is missing");
        }
        return node;
    }

    private <T> List<T> list(Node node, Function<Node, T> element) {
        if (!(node instanceof SequenceNode sequence)) {
            throw complaint(node, "expected a list");
        }
        List<T> elements = new ArrayList<>();
        for (Node child : sequence.getValue()) {
            elements.add(element.apply(child));
        }
        return elements;
    }

    private String text(Node node) {
        if (!(node instanceof ScalarNode scalar)) {
            throw complaint(node, "expected a single value");
        }
        return scalar.getValue();
    }

    private long number(Node node) {
        String text = text(node);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            throw complaint(node, "expected a whole number, got '" + text + "'");
        }
    }

    private <T> T word(Node node, Function<String, T> parser) {
        String text = text(node);
        return checked(node, () -> parser.apply(text));
    }

    private <T> T checked(Node node, Supplier<T> construction) {
        try {
            return construction.get();
        } catch (IllegalArgumentException invalid) {
            throw complaint(node, String.valueOf(invalid.getMessage()));
        }
    }

    private FewbitException complaint(Node node, String what) {
        int line = node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
        return new FewbitException(source + (line > 0 ? ", line " + line : "") + ": " + what);
    }
}
