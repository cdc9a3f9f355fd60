package dev.fewbit.train.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.onnx.graph.AttributeValue.GraphValue;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Shape;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.train.torch.Tensors;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;

/** A run leaves nothing behind. */
class InterpreterMemoryTest {
    private static final int RUNS = 200;
    private static final int ROUNDS = 3;
    private static final int ELEMENTS = 1 << 18;
    private static final long BYTES = 4L * ELEMENTS;

    /** A loop of products, between layers that make several outputs and read values from afar. */
    private static Model model() {
        Graph graph = new Graph("test");
        Model model = new Model(10, graph);
        model.setOpset("", 21);
        Value x = new Value("x");
        x.setType(ElementType.FLOAT, Shape.of(ELEMENTS));
        graph.addInput(x);
        Value weight =
                graph.addInitializer(
                        "weight", dev.fewbit.onnx.graph.Tensor.ofFloats(new long[] {1}, 0.5f));
        Value product = add(graph, "Mul", "product", x, weight);
        Node split = new Node("Split", "split", product);
        split.setAttribute("num_outputs", 2);
        graph.add(split);
        Value joined = add(graph, "Concat", "joined", split.addOutput("a"), split.addOutput("b"));
        joined.producer().setAttribute("axis", 0);
        Value rounds =
                graph.addInitializer(
                        "rounds", dev.fewbit.onnx.graph.Tensor.ofLongs(new long[0], ROUNDS));
        Node loop = new Node("Loop", "loop", rounds, null, joined);
        loop.setAttribute("body", new GraphValue(body(product)));
        graph.add(loop);
        graph.addOutput(loop.addOutput("last"));
        graph.addOutput(loop.addOutput("all"));
        return model;
    }

    private static Graph body(Value around) {
        Graph body = new Graph("body");
        Value round = new Value("round");
        round.setType(ElementType.INT64, Shape.of());
        Value condition = new Value("condition");
        condition.setType(ElementType.BOOL, Shape.of());
        Value carried = new Value("carried");
        carried.setType(ElementType.FLOAT, Shape.of(ELEMENTS));
        List.of(round, condition, carried).forEach(body::addInput);
        body.addOutput(add(body, "Identity", "goes_on", condition));
        Value next = add(body, "Mul", "next", carried, around);
        body.addOutput(next);
        body.addOutput(add(body, "Tanh", "bounded", next));
        return body;
    }

    private static Value add(Graph graph, String opType, String output, Value... inputs) {
        Node node = new Node(opType, output, inputs);
        graph.add(node);
        return node.addOutput(output);
    }

    @Test
    void aCallerWithoutScopeHasOnlyTheOutputsToClose() throws IOException {
        torch.set_num_threads(1);
        try (Interpreter interpreter = Interpreter.of(model());
                Tensor input = Tensors.ofFloats(new float[ELEMENTS], ELEMENTS)) {
            interpreter.run(List.of(input), Taps.NONE).forEach(Tensor::close);
            long objects = Pointer.totalCount();
            interpreter.run(List.of(input), Taps.NONE).forEach(Tensor::close);
            assertThat(Pointer.totalCount()).isEqualTo(objects);
        }
    }

    @Test
    void liveBytesAndObjectsStayTheSame() throws IOException {
        torch.set_num_threads(1);
        try (Interpreter interpreter = Interpreter.of(model());
                Tensor input = Tensors.ofFloats(new float[ELEMENTS], ELEMENTS)) {
            interpreter.constants().values().stream()
                    .filter(Tensor::is_floating_point)
                    .forEach(constant -> constant.set_requires_grad(true));
            for (int i = 0; i < 5; i++) {
                step(interpreter, input);
            }
            long objects = Pointer.totalCount();
            long bytes = Pointer.physicalBytes();
            for (int i = 0; i < RUNS; i++) {
                step(interpreter, input);
            }
            assertThat(Pointer.totalCount()).isEqualTo(objects);
            // The smallest leak would be half a tensor in each run; the machine's own accounting
            // may be off by a quarter of that.
            assertThat(Pointer.physicalBytes() - bytes).isLessThan(RUNS * BYTES / 8);
        }
    }

    private static void step(Interpreter interpreter, Tensor input) {
        try (PointerScope _ = new PointerScope()) {
            List<Tensor> outputs = interpreter.run(List.of(input), Taps.NONE);
            torch.sum(outputs.get(0)).add(torch.sum(outputs.get(1))).backward();
        }
    }
}
