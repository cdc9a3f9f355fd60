package dev.fewbit.train.operator;

import dev.fewbit.onnx.graph.AttributeValue.GraphValue;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Shape;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import org.junit.jupiter.api.Test;

class ControlFlowTest {
    private static Value input(Graph graph, String name, ElementType type, long... shape) {
        Value value = new Value(name);
        value.setType(type, Shape.of(shape));
        graph.addInput(value);
        return value;
    }

    private static Value add(Graph graph, String opType, String output, Value... inputs) {
        Node node = new Node(opType, "", inputs);
        graph.add(node);
        return node.addOutput(output);
    }

    private static Tensor truth(boolean value) {
        return Tensor.ofBytes(ElementType.BOOL, new long[0], new byte[] {(byte) (value ? 1 : 0)});
    }

    @Test
    void branchesReadValuesAroundThem() {
        for (boolean condition : new boolean[] {true, false}) {
            // The condition is the node's only input; the other is read inside.
            OperatorCheck.of("If")
                    .fed("condition", truth(condition))
                    .around("x", Tensor.ofFloats(new long[] {3}, 1, -2, 3))
                    .withValues(
                            (node, values) -> {
                                Graph doubled = new Graph("doubled");
                                Value x = values.get("x");
                                doubled.addOutput(add(doubled, "Add", "twice", x, x));
                                node.setAttribute("then_branch", new GraphValue(doubled));
                                Graph negative = new Graph("negative");
                                negative.addOutput(add(negative, "Neg", "negated", x));
                                node.setAttribute("else_branch", new GraphValue(negative));
                            })
                    .passes();
        }
    }

    /** Carries a sum and delivers each round's. */
    private static Graph addingUp() {
        Graph body = new Graph("body");
        input(body, "round", ElementType.INT64);
        Value condition = input(body, "condition", ElementType.BOOL);
        Value sum = input(body, "sum", ElementType.FLOAT, 3);
        Value step = body.addInitializer("step", Tensor.ofFloats(new long[] {3}, 1, 2, 3));
        body.addOutput(add(body, "Identity", "goes_on", condition));
        Value next = add(body, "Add", "next", sum, step);
        body.addOutput(next);
        Value delivered = add(body, "Mul", "delivered", next, sum);
        delivered.setType(ElementType.FLOAT, Shape.of(3));
        body.addOutput(delivered);
        return body;
    }

    @Test
    void loopsOfSomeRounds() {
        for (long rounds : new long[] {1, 4}) {
            OperatorCheck.of("Loop")
                    .constant("rounds", Tensor.ofLongs(new long[0], rounds))
                    .constant("start", truth(true))
                    .floats("sum", 3)
                    .with(node -> node.setAttribute("body", new GraphValue(addingUp())))
                    .outputs(2)
                    .passes();
        }
    }

    @Test
    void loopsOfNoRounds() {
        OperatorCheck.of("Loop")
                .constant("rounds", Tensor.ofLongs(new long[0], 0))
                .omitted()
                .floats("sum", 3)
                .with(node -> node.setAttribute("body", new GraphValue(addingUp())))
                .outputs(2)
                .passesWithoutGradients();
        OperatorCheck.of("Loop")
                .omitted()
                .constant("start", truth(false))
                .floats("sum", 3)
                .with(node -> node.setAttribute("body", new GraphValue(addingUp())))
                .outputs(2)
                .passesWithoutGradients();
    }

    @Test
    void loopsUntilTheBodyEndsThem() {
        OperatorCheck.of("Loop")
                .omitted()
                .omitted()
                .fed("count", Tensor.ofLongs(new long[0], 0))
                .around("limit", Tensor.ofLongs(new long[0], 5))
                .withValues(
                        (node, values) -> {
                            Graph body = new Graph("body");
                            Value round = input(body, "round", ElementType.INT64);
                            input(body, "condition", ElementType.BOOL);
                            Value count = input(body, "counted", ElementType.INT64);
                            Value sum = add(body, "Add", "sum", count, round);
                            body.addOutput(add(body, "Less", "less", sum, values.get("limit")));
                            body.addOutput(sum);
                            node.setAttribute("body", new GraphValue(body));
                        })
                .passes();
    }

    /** Carries a sum of slices and delivers it each time. */
    private static Graph sumOfSlices() {
        Graph body = new Graph("body");
        Value sum = input(body, "sum", ElementType.FLOAT, 3);
        Value slice = input(body, "slice", ElementType.FLOAT, 3);
        Value next = add(body, "Add", "next", sum, slice);
        body.addOutput(next);
        body.addOutput(add(body, "Mul", "delivered", next, slice));
        return body;
    }

    @Test
    void scansAlongEitherDirection() {
        OperatorCheck.of("Scan")
                .floats("start", 3)
                .floats("x", 5, 3)
                .with(node -> node.setAttribute("body", new GraphValue(sumOfSlices())))
                .with(node -> node.setAttribute("num_scan_inputs", 1))
                .outputs(2)
                .passes();
        OperatorCheck.of("Scan")
                .floats("start", 3)
                .floats("x", 3, 5)
                .with(node -> node.setAttribute("body", new GraphValue(sumOfSlices())))
                .with(node -> node.setAttribute("num_scan_inputs", 1))
                .with(node -> node.setAttribute("scan_input_axes", new long[] {1}))
                .with(node -> node.setAttribute("scan_input_directions", new long[] {1}))
                .with(node -> node.setAttribute("scan_output_axes", new long[] {-1}))
                .with(node -> node.setAttribute("scan_output_directions", new long[] {1}))
                .outputs(2)
                .passes();
    }
}
