package dev.fewbit;

import dev.fewbit.onnx.graph.AttributeValue;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Shape;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.io.WriteOptions;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;

/** Models with one or two weights, each for one way of using a weight. */
public enum SmallModels {
    /** {@code x [3, 96] -> MatMul(w [96, 40])} */
    MATMUL("x", new long[] {3, 96}) {
        @Override
        void build(Graph graph, Value input, UnaryOperator<float[]> change) {
            node(graph, "MatMul", input, weight(graph, "w", change, 96, 40));
        }
    },
    /** {@code x [2, 3, 70] -> MatMul(w [70, 24])}: no block size divides 70. */
    ODD_MATMUL("x", new long[] {2, 3, 70}) {
        @Override
        void build(Graph graph, Value input, UnaryOperator<float[]> change) {
            node(graph, "MatMul", input, weight(graph, "w", change, 70, 24));
        }
    },
    /** {@code x [3, 64] -> MatMul(Transpose(w [33, 64]))}: an odd number of columns. */
    TRANSPOSED_MATMUL("x", new long[] {3, 64}) {
        @Override
        void build(Graph graph, Value input, UnaryOperator<float[]> change) {
            Value turned = node(graph, "Transpose", weight(graph, "w", change, 33, 64));
            node(graph, "MatMul", input, turned);
        }
    },
    /** {@code x [3, 64] -> Gemm(w [40, 64], c, transB = 1)} */
    GEMM("x", new long[] {3, 64}) {
        @Override
        void build(Graph graph, Value input, UnaryOperator<float[]> change) {
            Value bias = graph.addInitializer("c", Tensor.ofFloats(new long[] {40}, random(40, 7)));
            node(graph, "Gemm", input, weight(graph, "w", change, 40, 64), bias)
                    .producer()
                    .setAttribute("transB", 1);
        }
    },
    /** {@code x [2, 3, 64] -> MatMul(w [3, 64, 20])}: a stack of matrices. */
    STACKED_MATMUL("x", new long[] {2, 3, 5, 64}) {
        @Override
        void build(Graph graph, Value input, UnaryOperator<float[]> change) {
            node(graph, "MatMul", input, weight(graph, "w", change, 3, 64, 20));
        }
    },
    /** {@code x [64, 5] -> MatMul(w [30, 64], x)} */
    LEFT_MATMUL("x", new long[] {64, 5}) {
        @Override
        void build(Graph graph, Value input, UnaryOperator<float[]> change) {
            node(graph, "MatMul", weight(graph, "w", change, 30, 64), input);
        }
    },
    /** {@code x [1, 8, 9, 9] -> Conv(w [12, 8, 3, 3])} */
    CONVOLUTION("x", new long[] {1, 8, 9, 9}) {
        @Override
        void build(Graph graph, Value input, UnaryOperator<float[]> change) {
            node(graph, "Conv", input, weight(graph, "w", change, 12, 8, 3, 3));
        }
    },
    /**
     * {@code x [1, 16, 9, 9] -> Conv(w [48, 1, 5, 5], group = 16)}: depthwise, 25 weights to a
     * channel.
     */
    DEPTHWISE("x", new long[] {1, 16, 9, 9}) {
        @Override
        void build(Graph graph, Value input, UnaryOperator<float[]> change) {
            node(graph, "Conv", input, weight(graph, "w", change, 48, 1, 5, 5))
                    .producer()
                    .setAttribute("group", 16);
        }
    },
    /** {@code x [1, 16, 5, 5] -> ConvTranspose(w [16, 12, 4, 4])} */
    TRANSPOSED_CONVOLUTION("x", new long[] {1, 16, 5, 5}) {
        @Override
        void build(Graph graph, Value input, UnaryOperator<float[]> change) {
            node(graph, "ConvTranspose", input, weight(graph, "w", change, 16, 12, 4, 4));
        }
    },
    /** {@code x [4, 2, 32] -> LSTM(w [1, 4 * 16, 32], r [1, 4 * 16, 16])} */
    RECURRENT("x", new long[] {4, 2, 32}) {
        @Override
        void build(Graph graph, Value input, UnaryOperator<float[]> change) {
            Value weights = weight(graph, "w", change, 1, 64, 32);
            node(graph, "LSTM", input, weights, weight(graph, "r", change, 1, 64, 16))
                    .producer()
                    .setAttribute("hidden_size", 16);
        }
    },
    /** {@code ids [2, 3] -> Gather(w [50, 96])} */
    TABLE("ids", new long[] {2, 3}) {
        @Override
        void build(Graph graph, Value input, UnaryOperator<float[]> change) {
            node(graph, "Gather", weight(graph, "w", change, 50, 96), input);
        }
    },
    /** {@code ids [2, 3] -> Gather(w [50, 33])}: rows of an odd width. */
    ODD_TABLE("ids", new long[] {2, 3}) {
        @Override
        void build(Graph graph, Value input, UnaryOperator<float[]> change) {
            node(graph, "Gather", weight(graph, "w", change, 50, 33), input);
        }
    },
    /**
     * {@code ids [2, 3] -> Gather(w [50, 64]) -> MatMul(Transpose(w))}: embedding and output layer
     * share a weight.
     */
    TIED("ids", new long[] {2, 3}) {
        @Override
        void build(Graph graph, Value input, UnaryOperator<float[]> change) {
            Value table = weight(graph, "w", change, 50, 64);
            Value rows = node(graph, "Gather", table, input);
            node(graph, "MatMul", rows, node(graph, "Transpose", table));
        }
    },
    /**
     * {@code x [3, 64] -> If(true, MatMul(w [64, 40]), MatMul(w))}: weights inside of subgraphs.
     */
    BRANCHES("x", new long[] {3, 64}) {
        @Override
        void build(Graph graph, Value input, UnaryOperator<float[]> change) {
            Value condition =
                    graph.addInitializer(
                            "condition",
                            Tensor.ofBytes(ElementType.BOOL, new long[0], new byte[] {1}));
            Node branching = new Node("If", graph.freshName("If"), condition);
            branching.setAttribute("then_branch", branch("then", input, change));
            branching.setAttribute("else_branch", branch("else", input, change));
            branching.addOutput("branched");
            graph.add(branching);
        }

        private AttributeValue branch(String name, Value input, UnaryOperator<float[]> change) {
            Graph branch = new Graph(name);
            Value output =
                    node(branch, "MatMul", input, weight(branch, "w_" + name, change, 64, 40));
            output.setName("MatMul_output_" + name);
            output.setType(ElementType.FLOAT, null);
            branch.addOutput(output);
            return new AttributeValue.GraphValue(branch);
        }
    },
    /**
     * {@code x [3, 64] -> Add(MatMul(w [64, 40]), ReduceMean(w))}: a matrix that is also read by
     * something else than a product.
     */
    ALSO_READ("x", new long[] {3, 64}) {
        @Override
        void build(Graph graph, Value input, UnaryOperator<float[]> change) {
            Value weight = weight(graph, "w", change, 64, 40);
            Value mean = node(graph, "ReduceMean", weight);
            node(graph, "Add", node(graph, "MatMul", input, weight), mean);
        }
    },
    /**
     * {@code x [3, 64] -> MatMul(w [64, 64]) -> MatMul(Transpose(w))}: a matrix that is read both
     * ways round.
     */
    BOTH_WAYS("x", new long[] {3, 64}) {
        @Override
        void build(Graph graph, Value input, UnaryOperator<float[]> change) {
            Value weight = weight(graph, "w", change, 64, 64);
            Value back = node(graph, "Transpose", weight);
            node(graph, "MatMul", node(graph, "MatMul", input, weight), back);
        }
    },
    /** {@code x [3, 64] -> MatMul(w [64, 64]) -> MatMul(w)}: two layers share a weight. */
    SHARED("x", new long[] {3, 64}) {
        @Override
        void build(Graph graph, Value input, UnaryOperator<float[]> change) {
            Value shared = weight(graph, "w", change, 64, 64);
            node(graph, "MatMul", node(graph, "MatMul", input, shared), shared);
        }
    };

    private final String inputName;

    @SuppressWarnings("ImmutableEnumChecker") // handed out as copies only
    private final long[] inputShape;

    SmallModels(String inputName, long[] inputShape) {
        this.inputName = inputName;
        this.inputShape = inputShape;
    }

    abstract void build(Graph graph, Value input, UnaryOperator<float[]> change);

    /** Name of the only input; {@code ids} is int64, {@code x} is float. */
    public String inputName() {
        return inputName;
    }

    /** Shape of the only input. */
    public long[] inputShape() {
        return inputShape.clone();
    }

    /** Writes the model, with weights changed as wanted. */
    public Path write(Path file, UnaryOperator<float[]> change) throws IOException {
        Model model = model(change);
        OnnxWriter.write(model, file, WriteOptions.defaults());
        return file;
    }

    /** The model in memory. */
    public Model model(UnaryOperator<float[]> change) {
        Graph graph = new Graph("small");
        Value input = new Value(inputName);
        ElementType type = inputName.equals("ids") ? ElementType.INT64 : ElementType.FLOAT;
        input.setType(type, Shape.of(inputShape));
        graph.addInput(input);
        build(graph, input, change);
        Value output = graph.nodes().getLast().output(0);
        output.setType(ElementType.FLOAT, null);
        graph.addOutput(output);
        Model model = new Model(7, graph);
        model.setOpset("", 13);
        return model;
    }

    /** Normally distributed numbers. */
    public static float[] random(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static Value weight(
            Graph graph, String name, UnaryOperator<float[]> change, long... shape) {
        int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        float[] values = change.apply(random(count, name.hashCode()));
        return graph.addInitializer(name, Tensor.ofFloats(shape, values));
    }

    private static Value node(Graph graph, String operator, Value... inputs) {
        Node node = new Node(operator, graph.freshName(operator), inputs);
        Value output = node.addOutput(graph.freshName(operator + "_output"));
        graph.add(node);
        return output;
    }
}
