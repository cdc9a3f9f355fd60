package dev.fewbit.onnx.encode;

import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.integer.IntegerSupport;
import dev.fewbit.onnx.integer.IntegerSupport.FloatOnly;
import dev.fewbit.onnx.integer.IntegerSupport.Kernel;
import dev.fewbit.onnx.integer.IntegerSupport.Limits;
import dev.fewbit.onnx.integer.IntegerSupport.MovesData;
import dev.fewbit.onnx.weight.WeightSite;
import dev.fewbit.onnx.weight.WeightUse;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Whether all that integer nodes need is in the plan. */
final class IntegerCheck {
    private final IntegerGraph graph;
    private final Set<Node> weighted = new HashSet<>();

    private IntegerCheck(IntegerGraph graph) {
        this.graph = graph;
    }

    /**
     * Refuses a plan that cannot be carried out.
     *
     * @throws EncodingException saying what is missing
     */
    static void check(IntegerGraph graph, Plan plan, Map<String, WeightSite> sites) {
        IntegerCheck check = new IntegerCheck(graph);
        for (WeightPlan weight : plan.weights()) {
            WeightSite site = sites.get(weight.tensor());
            if (site != null) {
                check.weight(weight, site);
            }
        }
        graph.nodes().forEach(check::node);
        graph.inputs().forEach(check::input);
    }

    private void weight(WeightPlan weight, WeightSite site) {
        if (graph.activations().containsKey(site.value())) {
            throw new EncodingException(
                    "the plan quantizes '"
                            + weight.tensor()
                            + "' as a weight and as an activation; decide for one");
        }
        for (int i = 0; i < site.uses().size(); i++) {
            WeightUse use = site.uses().get(i);
            boolean bias =
                    graph.nodes().get(use.node()) instanceof Kernel kernel
                            && kernel.bias().orElse(-1) == use.input();
            if (bias) {
                throw new EncodingException(
                        "the plan quantizes tensor '"
                                + weight.tensor()
                                + "', but it is the bias of "
                                + use.node()
                                + ", which computes in integers and stores it as int32; leave it"
                                + " out of the weights");
            }
            if (weight.uses().get(i).encoding() != Encoding.INTEGER) {
                continue;
            }
            if (!(graph.nodes().get(use.node()) instanceof Kernel kernel)
                    || kernel.weight().orElse(-1) != use.input()) {
                throw new EncodingException(
                        "tensor '"
                                + weight.tensor()
                                + "' is to be read by "
                                + use.node()
                                + " as integers, but that node does not compute in integers; list"
                                + " it among the operators, or choose another encoding");
            }
            weighted.add(use.node());
        }
    }

    private void node(Node node, IntegerSupport support) {
        switch (support) {
            case Kernel kernel -> {
                requireInputs(node, kernel.activations());
                if (kernel.weight().isPresent() && !weighted.contains(node)) {
                    throw new EncodingException(
                            node
                                    + " computes in integers, but its weight '"
                                    + node.input(kernel.weight().getAsInt())
                                    + "' is not planned as "
                                    + Encoding.INTEGER
                                    + " for it");
                }
                requireOutput(node, kernel);
            }
            case MovesData moves -> {
                requireInputs(node, moves.activations());
                requireSameParameters(node);
            }
            case Limits _ -> {
                Value input = node.input(0);
                boolean absorbed =
                        input != null
                                && graph.isInteger(input.producer())
                                && IntegerGraph.onlyReader(input) == node;
                if (!absorbed) {
                    requireInputs(node, List.of(0));
                }
            }
            case FloatOnly _ -> {}
        }
    }

    /** Only weights are multiplied with codes of other levels than the value has. */
    private void input(Node node, ActivationPlan input) {
        if (!(graph.nodes().get(node) instanceof Kernel kernel) || kernel.weight().isEmpty()) {
            throw new EncodingException(
                    "the plan rounds the input of "
                            + node
                            + " to levels of its own, which is for nodes with weights; leave them"
                            + " out, or change the levels of '"
                            + input.value()
                            + "'");
        }
        ActivationPlan value = Objects.requireNonNull(graph.activations().get(node.input(0)));
        ElementType own = NarrowCodes.type(value.format());
        ElementType wanted = NarrowCodes.type(input.format());
        if (own != wanted) {
            throw new EncodingException(
                    "the plan rounds the input of %s to %s, which is stored as %s, but its value '%s' to %s, stored as %s; integer kernels take one type: plan both signed or both unsigned, with 8 bits or fewer"
                            .formatted(
                                    node,
                                    input.format().label(),
                                    wanted,
                                    value.value(),
                                    value.format().label(),
                                    own));
        }
    }

    private void requireInputs(Node node, List<Integer> inputs) {
        for (int index : inputs) {
            Value input = node.input(index);
            if (input != null && !graph.activations().containsKey(input)) {
                throw new EncodingException(
                        node
                                + " computes in integers, but the plan has no parameters for its"
                                + " input '"
                                + input
                                + "'; add it to the activations, or let the node compute in"
                                + " float");
            }
        }
    }

    private void requireOutput(Node node, Kernel kernel) {
        Value output = node.output(0);
        if (output == null || kernel.outputOptional() || graph.activations().containsKey(output)) {
            return;
        }
        Node reader = IntegerGraph.onlyReader(output);
        boolean limited =
                reader != null
                        && graph.nodes().get(reader) instanceof Limits
                        && graph.activations().containsKey(reader.output(0));
        if (!limited) {
            throw new EncodingException(
                    node
                            + " computes in integers, but the plan has no parameters for its"
                            + " output '"
                            + output
                            + "', and it has no kernel that gives floats; add it to the"
                            + " activations, or let the node compute in float");
        }
    }

    private void requireSameParameters(Node node) {
        Value input = node.input(0);
        ActivationPlan from = graph.activations().get(input);
        for (Value output : node.outputs()) {
            ActivationPlan to = output == null ? null : graph.activations().get(output);
            if (from != null && to != null && !sameCodes(from, to)) {
                throw new EncodingException(
                        "%s moves codes, so '%s' (%s, scale %s, zero point %d) and '%s' (%s, scale %s, zero point %d) need the same format, scale and zero point"
                                .formatted(
                                        node,
                                        from.value(),
                                        from.format().label(),
                                        from.parameters().scale(),
                                        from.parameters().zeroPoint(),
                                        to.value(),
                                        to.format().label(),
                                        to.parameters().scale(),
                                        to.parameters().zeroPoint()));
            }
        }
    }

    /** Whether a code means the same number in both. */
    static boolean sameCodes(ActivationPlan one, ActivationPlan other) {
        return one.format().label().equals(other.format().label())
                && one.parameters().equals(other.parameters());
    }
}
