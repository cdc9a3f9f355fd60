package dev.fewbit.encoding;

import static dev.fewbit.encoding.NetBuilder.integer;
import static dev.fewbit.encoding.NetBuilder.integers;

import dev.fewbit.encoding.NetBuilder.Net;
import dev.fewbit.onnx.graph.Value;

import java.util.function.Function;

/** Networks of one operator, and the kernels that they must run on. */
enum SingleOperator {
    CONVOLUTION(
            n -> n.node("Conv", n.input("x", 1, 8, 9, 9), n.constant("w", 12, 8, 3, 3)),
            "QLinearConv"),
    /** Large enough for every way of packing to pay. */
    LARGE_CONVOLUTION(
            n ->
                    n.node(
                            "Conv",
                            integers("pads", 1, 1, 1, 1),
                            n.input("x", 1, 43, 5, 5),
                            n.constant("w", 64, 43, 3, 3),
                            n.constant("b", 64)),
            "QLinearConv"),
    LARGE_GEMM(
            n ->
                    n.node(
                            "Gemm",
                            integer("transB", 1),
                            n.input("x", 3, 172),
                            n.constant("w", 161, 172),
                            n.constant("b", 161)),
            "QGemm"),
    LARGE_MATMUL(
            n -> n.node("MatMul", n.input("x", 2, 3, 172), n.constant("w", 172, 160)),
            "QLinearMatMul"),
    CONVOLUTION_WITH_BIAS(
            n ->
                    n.node(
                            "Conv",
                            n.input("x", 2, 8, 9, 9),
                            n.constant("w", 12, 8, 3, 3),
                            n.constant("b", 12)),
            "QLinearConv"),
    CONVOLUTION_1D(
            n ->
                    n.node(
                            "Conv",
                            integers("pads", 1, 1),
                            n.input("x", 1, 8, 20),
                            n.constant("w", 12, 8, 3),
                            n.constant("b", 12)),
            "QLinearConv"),
    CONVOLUTION_3D(
            n ->
                    n.node(
                            "Conv",
                            n.input("x", 1, 3, 6, 6, 6),
                            n.constant("w", 5, 3, 3, 3, 3),
                            n.constant("b", 5)),
            "QLinearConv"),
    DEPTHWISE(
            n ->
                    n.node(
                            "Conv",
                            node -> {
                                node.setAttribute("group", 16);
                                node.setAttribute("pads", new long[] {1, 1, 1, 1});
                            },
                            n.input("x", 1, 16, 9, 9),
                            n.constant("w", 16, 1, 3, 3),
                            n.constant("b", 16)),
            "QLinearConv"),
    GROUPS(
            n ->
                    n.node(
                            "Conv",
                            integer("group", 2),
                            n.input("x", 1, 8, 9, 9),
                            n.constant("w", 12, 4, 3, 3),
                            n.constant("b", 12)),
            "QLinearConv"),
    DILATED(
            n ->
                    n.node(
                            "Conv",
                            node -> {
                                node.setAttribute("dilations", new long[] {2, 2});
                                node.setAttribute("strides", new long[] {2, 1});
                            },
                            n.input("x", 1, 8, 11, 11),
                            n.constant("w", 12, 8, 3, 3),
                            n.constant("b", 12)),
            "QLinearConv"),
    CONVOLUTION_OF_TWO_ACTIVATIONS(
            n ->
                    n.node(
                            "Conv",
                            n.input("x", 1, 4, 9, 9),
                            n.input("y", 6, 4, 3, 3),
                            n.constant("b", 6)),
            "QLinearConv"),
    GEMM(
            n -> n.node("Gemm", n.input("x", 3, 64), n.constant("w", 64, 40), n.constant("b", 40)),
            "QGemm"),
    GEMM_TRANSPOSED(
            n ->
                    n.node(
                            "Gemm",
                            node -> {
                                node.setAttribute("transA", 1);
                                node.setAttribute("transB", 1);
                            },
                            n.input("x", 64, 3),
                            n.constant("w", 40, 64),
                            n.constant("b", 1, 40)),
            "QGemm"),
    GEMM_WITH_SCALAR_BIAS(
            n ->
                    n.node(
                            "Gemm",
                            integer("transB", 1),
                            n.input("x", 3, 64),
                            n.constant("w", 40, 64),
                            n.constant("b")),
            "QGemm"),
    GEMM_WITH_MATRIX_BIAS(
            n ->
                    n.node(
                            "Gemm",
                            n.input("x", 3, 64),
                            n.constant("w", 64, 40),
                            n.constant("b", 3, 40)),
            "QGemm"),
    GEMM_WITHOUT_BIAS(n -> n.node("Gemm", n.input("x", 3, 64), n.constant("w", 64, 40)), "QGemm"),
    GEMM_OF_TWO_ACTIVATIONS(
            n -> n.node("Gemm", n.input("x", 3, 64), n.input("y", 64, 40), n.constant("b", 40)),
            "QGemm"),
    MATMUL(n -> n.node("MatMul", n.input("x", 2, 3, 64), n.constant("w", 64, 40)), "QLinearMatMul"),
    MATMUL_OF_STACK(
            n -> n.node("MatMul", n.input("x", 2, 3, 64), n.constant("w", 2, 64, 40)),
            "QLinearMatMul"),
    MATMUL_TRANSPOSED(
            n ->
                    n.node(
                            "MatMul",
                            n.input("x", 2, 3, 64),
                            n.node("Transpose", integers("perm", 1, 0), n.constant("w", 40, 64))),
            "QLinearMatMul"),
    MATMUL_OF_TWO_ACTIVATIONS(
            n -> n.node("MatMul", n.input("x", 2, 3, 32), n.input("y", 2, 32, 5)), "QLinearMatMul"),
    MATMUL_WITH_CONSTANT_ON_THE_LEFT(
            n -> n.node("MatMul", n.constant("w", 40, 64), n.input("x", 64, 5)), "QLinearMatMul"),
    MATMUL_WITH_BIAS(
            n ->
                    n.node(
                            "Add",
                            n.node("MatMul", n.input("x", 2, 3, 64), n.constant("w", 64, 40)),
                            n.constant("b", 40)),
            "QGemm"),
    MATMUL_WITH_BIAS_FIRST(
            n ->
                    n.node(
                            "Add",
                            n.constant("b", 40),
                            n.node("MatMul", n.input("x", 3, 64), n.constant("w", 64, 40))),
            "QGemm"),
    MATMUL_WITH_BIAS_OF_FREE_SIZES(
            n ->
                    n.node(
                            "Add",
                            n.node(
                                    "MatMul",
                                    n.dynamicInput("x", 2, 3, 64),
                                    n.constant("w", 64, 40)),
                            n.constant("b", 40)),
            "MatMulIntegerToFloat"),
    ADD(n -> n.node("Add", n.input("x", 3, 20), n.input("y", 3, 20)), "QLinearAdd"),
    ADD_TO_ITSELF(n -> twice(n, "Add"), "QLinearAdd"),
    ADD_CONSTANT(n -> n.node("Add", n.input("x", 3, 20), n.constant("c", 20)), "QLinearAdd"),
    ADD_BROADCAST(n -> n.node("Add", n.constant("c", 4, 1, 20), n.input("x", 3, 20)), "QLinearAdd"),
    MULTIPLY(n -> n.node("Mul", n.input("x", 3, 20), n.input("y", 3, 20)), "QLinearMul"),
    MULTIPLY_BY_CONSTANT(
            n -> n.node("Mul", n.number("c", 0.125f), n.input("x", 3, 20)), "QLinearMul"),
    CONCATENATE(
            n ->
                    n.node(
                            "Concat",
                            integer("axis", 1),
                            n.input("x", 3, 20),
                            n.input("y", 3, 7),
                            n.constant("c", 3, 2)),
            "QLinearConcat"),
    WHERE(
            n -> n.node("Where", n.condition("c", 3, 20), n.input("x", 3, 20), n.number("y", -2)),
            "QLinearWhere"),
    SOFTMAX(n -> n.node("Softmax", integer("axis", 2), n.input("x", 2, 3, 20)), "QLinearSoftmax"),
    SOFTMAX_INSIDE(
            n -> n.node("Softmax", integer("axis", 1), n.input("x", 2, 5, 4)), "QLinearSoftmax"),
    SIGMOID(n -> n.node("Sigmoid", n.input("x", 3, 20)), "QLinearSigmoid"),
    LEAKY_RELU(
            n -> n.node("LeakyRelu", node -> node.setAttribute("alpha", 0.1f), n.input("x", 3, 20)),
            "QLinearLeakyRelu"),
    AVERAGE_POOL(
            n ->
                    n.node(
                            "AveragePool",
                            node -> {
                                node.setAttribute("kernel_shape", new long[] {3, 3});
                                node.setAttribute("pads", new long[] {1, 1, 1, 1});
                                node.setAttribute("strides", new long[] {2, 2});
                            },
                            n.input("x", 1, 4, 9, 9)),
            "QLinearAveragePool"),
    AVERAGE_POOL_COUNTING_PADS(
            n ->
                    n.node(
                            "AveragePool",
                            node -> {
                                node.setAttribute("kernel_shape", new long[] {3});
                                node.setAttribute("pads", new long[] {1, 1});
                                node.setAttribute("count_include_pad", 1);
                            },
                            n.input("x", 1, 4, 9)),
            "QLinearAveragePool"),
    GLOBAL_AVERAGE_POOL(
            n -> n.node("GlobalAveragePool", n.input("x", 2, 4, 9, 9)), "QLinearGlobalAveragePool"),
    RELU_BEHIND_CONVOLUTION(
            n ->
                    n.node(
                            "Relu",
                            n.node("Conv", n.input("x", 1, 8, 9, 9), n.constant("w", 12, 8, 3, 3))),
            "QLinearConv"),
    RELU_BEHIND_MATMUL_WITH_BIAS(
            n ->
                    n.node(
                            "Relu",
                            n.node(
                                    "Add",
                                    n.node("MatMul", n.input("x", 3, 64), n.constant("w", 64, 40)),
                                    n.constant("b", 40))),
            "QGemm"),
    RELU_BEHIND_ADD(
            n -> n.node("Relu", n.node("Add", n.input("x", 3, 20), n.input("y", 3, 20))),
            "QLinearAdd"),
    RESHAPE(n -> n.node("Reshape", n.input("x", 3, 20), n.longs(5, 12)), "Reshape"),
    TRANSPOSE(n -> n.node("Transpose", integers("perm", 1, 0), n.input("x", 3, 20)), "Transpose"),
    FLATTEN(n -> n.node("Flatten", n.input("x", 3, 4, 5)), "Flatten"),
    SLICE(n -> n.node("Slice", n.input("x", 3, 20), n.longs(1), n.longs(3)), "Slice"),
    SQUEEZE(n -> n.node("Squeeze", n.input("x", 1, 20), n.longs(0)), "Squeeze"),
    UNSQUEEZE(n -> n.node("Unsqueeze", n.input("x", 3, 20), n.longs(0)), "Unsqueeze"),
    GATHER(n -> n.node("Gather", n.input("x", 3, 20), n.longs(2, 0)), "Gather"),
    GATHER_ELEMENTS(
            n -> n.node("GatherElements", n.input("x", 3, 20), n.column(2, 0, 1)),
            "GatherElements"),
    TILE(n -> n.node("Tile", n.input("x", 3, 20), n.longs(1, 2)), "Tile"),
    EXPAND(n -> n.node("Expand", n.input("x", 1, 20), n.longs(3, 20)), "Expand"),
    MAX_POOL(
            n -> n.node("MaxPool", integers("kernel_shape", 2, 2), n.input("x", 1, 4, 9, 9)),
            "MaxPool"),
    REDUCE_MAX(n -> n.node("ReduceMax", integers("axes", 1), n.input("x", 3, 20)), "ReduceMax"),
    REDUCE_MIN(n -> n.node("ReduceMin", integers("axes", 1), n.input("x", 3, 20)), "ReduceMin"),
    RESIZE(
            n ->
                    n.node(
                            "Resize",
                            node -> {
                                node.setAttribute("coordinate_transformation_mode", "asymmetric");
                                node.setAttribute("nearest_mode", "floor");
                            },
                            n.input("x", 1, 2, 5, 5),
                            null,
                            n.numbers("scales", 1, 1, 2, 2)),
            "Resize"),
    DEPTH_TO_SPACE(
            n -> n.node("DepthToSpace", integer("blocksize", 2), n.input("x", 1, 8, 3, 3)),
            "DepthToSpace"),
    PAD(n -> n.node("Pad", n.input("x", 3, 20), n.longs(0, 1, 0, 2), n.number("c", 0.5f)), "Pad"),
    PAD_BY_REFLECTION(
            n ->
                    n.node(
                            "Pad",
                            node -> node.setAttribute("mode", "reflect"),
                            n.input("x", 3, 20),
                            n.longs(0, 1, 0, 2)),
            "Pad");

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final Function<NetBuilder, Value> build;

    private final String kernel;

    SingleOperator(Function<NetBuilder, Value> build, String kernel) {
        this.build = build;
        this.kernel = kernel;
    }

    /** Whether outputs are inputs in another place. */
    boolean movesCodes() {
        return !kernel.startsWith("Q") && !kernel.startsWith("MatMul");
    }

    /** What the runtime must run. */
    String kernel() {
        return kernel;
    }

    /** A fresh copy of the network. */
    Net net() {
        NetBuilder builder = new NetBuilder();
        return builder.deliver(build.apply(builder));
    }

    private static Value twice(NetBuilder n, String operator) {
        Value x = n.input("x", 3, 20);
        return n.node(operator, x, x);
    }
}
