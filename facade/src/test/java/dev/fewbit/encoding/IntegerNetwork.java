package dev.fewbit.encoding;

import static dev.fewbit.encoding.NetBuilder.integer;
import static dev.fewbit.encoding.NetBuilder.integers;

import dev.fewbit.encoding.NetBuilder.Net;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;

import java.util.List;
import java.util.function.Function;

/**
 * Networks of several operators, and all that ONNX Runtime must make of them besides QuantizeLinear
 * (one for each input) and nodes that only move codes around.
 */
enum IntegerNetwork {
    /** Two residual blocks as in ResNet, and a classifier. */
    RESIDUAL(
            n -> {
                Value x = relu(n, convolution(n, "1", n.input("x", 1, 3, 12, 12), 8, 3, 3));
                Value y = relu(n, convolution(n, "2", x, 8, 8, 3));
                Value sum = relu(n, n.node("Add", convolution(n, "3", y, 8, 8, 3), x));
                Value shortcut = convolution(n, "4", sum, 16, 8, 1);
                Value z = relu(n, convolution(n, "5", sum, 16, 8, 3));
                Value last = relu(n, n.node("Add", shortcut, z));
                Value pooled = n.node("Flatten", n.node("GlobalAveragePool", last));
                return n.node(
                        "Gemm",
                        integer("transB", 1),
                        pooled,
                        n.constant("classes", 10, 16),
                        n.constant("classes.bias", 10));
            },
            "QLinearConv",
            "QLinearConv",
            "QLinearConv",
            "QLinearAdd",
            "QLinearConv",
            "QLinearConv",
            "QLinearAdd",
            "QLinearGlobalAveragePool",
            "Flatten",
            "QGemm",
            "DequantizeLinear"),
    /** A pre-activation block: the sum is read by a Relu and by the next sum. */
    PREACTIVATION(
            n -> {
                Value x = convolution(n, "1", n.input("x", 1, 3, 12, 12), 8, 3, 3);
                Value y = convolution(n, "2", relu(n, x), 8, 8, 3);
                return n.node("Add", convolution(n, "3", n.node("Sigmoid", y), 8, 8, 3), x);
            },
            "QLinearConv",
            "DequantizeLinear",
            "QuantizeLinear",
            "QLinearConv",
            "QLinearSigmoid",
            "QLinearConv",
            "QLinearAdd",
            "DequantizeLinear"),
    /** Depthwise and pointwise convolutions between Clips, as in MobileNetV2. */
    DEPTHWISE(
            n -> {
                Value x = clip(n, convolution(n, "1", n.input("x", 1, 3, 12, 12), 16, 3, 3));
                Value depth =
                        clip(
                                n,
                                n.node(
                                        "Conv",
                                        node -> {
                                            node.setAttribute("group", 16);
                                            node.setAttribute("pads", new long[] {1, 1, 1, 1});
                                        },
                                        x,
                                        n.constant("depth", 16, 1, 3, 3),
                                        n.constant("depth.bias", 16)));
                Value thin = convolution(n, "2", depth, 8, 16, 1);
                return n.node("AveragePool", integers("kernel_shape", 2, 2), thin);
            },
            "QLinearConv",
            "QLinearConv",
            "QLinearConv",
            "QLinearAveragePool",
            "DequantizeLinear"),
    /** Padding by a node of its own, and pooling. */
    PADDED(
            n -> {
                Value x = relu(n, convolution(n, "1", n.input("x", 1, 3, 12, 12), 8, 3, 3));
                Value padded = n.node("Pad", x, n.longs(0, 0, 1, 1, 0, 0, 1, 1));
                Value pooled =
                        n.node(
                                "MaxPool",
                                node -> {
                                    node.setAttribute("kernel_shape", new long[] {2, 2});
                                    node.setAttribute("strides", new long[] {2, 2});
                                },
                                padded);
                return convolution(n, "2", pooled, 4, 8, 1);
            },
            "QLinearConv",
            "Pad",
            "NhwcMaxPool",
            "QLinearConv",
            "DequantizeLinear"),
    /** Convolutions over time, and what they are put together with. */
    ONE_DIMENSION(
            n -> {
                Value x = n.input("x", 2, 6, 30);
                Value narrow = relu(n, line(n, "1", x, 5, 6, 1));
                Value wide = n.node("LeakyRelu", line(n, "2", x, 4, 6, 3));
                Value both = n.node("Concat", integer("axis", 1), narrow, wide, x);
                return line(n, "3", both, 7, 15, 3);
            },
            "QLinearConv",
            "QLinearConv",
            "QLinearLeakyRelu",
            "QLinearConcat",
            "QLinearConv",
            "DequantizeLinear"),
    /** Halves that go different ways. */
    SPLIT(
            n -> {
                Value x = relu(n, convolution(n, "1", n.input("x", 1, 3, 9, 9), 8, 3, 3));
                Node split = new Node("Split", "Split", x);
                split.setAttribute("axis", 1);
                Value one = split.addOutput("one");
                Value other = split.addOutput("other");
                n.graph().add(split);
                Value longer = convolution(n, "2", one, 4, 4, 3);
                return n.node("Concat", integer("axis", 1), longer, other);
            },
            "QLinearConv",
            "Split",
            "QLinearConv",
            "QLinearConcat",
            "DequantizeLinear"),
    /** {@code x * sigmoid(x)} between convolutions. */
    SWISH(
            n -> {
                Value x = convolution(n, "1", n.input("x", 1, 3, 9, 9), 8, 3, 3);
                Value gated = n.node("Mul", x, n.node("Sigmoid", x));
                return convolution(n, "2", gated, 4, 8, 3);
            },
            "QLinearConv",
            "QLinearSigmoid",
            "QLinearMul",
            "QLinearConv",
            "DequantizeLinear"),
    /** Two layers with one weight, but biases of their own. */
    SHARED_WEIGHT(
            n -> {
                Value weight = n.constant("w", 8, 8, 3, 3);
                Value x = n.node("Conv", n.input("x", 1, 8, 9, 9), weight, n.constant("b1", 8));
                return n.node("Conv", x, weight, n.constant("b2", 8));
            },
            "QLinearConv",
            "QLinearConv",
            "DequantizeLinear"),
    /** A product with a bias, Gelu in float, another product. */
    GELU(
            n -> {
                Value hidden =
                        n.node(
                                "Add",
                                n.node("MatMul", n.input("x", 5, 16), n.constant("w1", 16, 32)),
                                n.constant("b1", 32));
                Value scaled = n.node("Erf", hidden);
                return n.node(
                        "Add",
                        n.node("MatMul", scaled, n.constant("w2", 32, 16)),
                        n.constant("b2", 16));
            },
            "QGemm",
            "DequantizeLinear",
            "Erf",
            "QuantizeLinear",
            "QGemm",
            "DequantizeLinear"),
    /** One head of attention. */
    ATTENTION(
            n -> {
                Value x = n.dynamicInput("x", 2, 6, 16);
                Value query = projected(n, "q", x);
                Value key = n.node("Transpose", integers("perm", 0, 2, 1), projected(n, "k", x));
                Value scores = n.node("Mul", n.node("MatMul", query, key), n.number("scale", 0.1f));
                Value shares = n.node("Softmax", integer("axis", 2), scores);
                return n.node("MatMul", shares, projected(n, "v", x));
            },
            "MatMulIntegerToFloat",
            "DequantizeLinear",
            "Add",
            "QuantizeLinear",
            "MatMulIntegerToFloat",
            "DequantizeLinear",
            "Add",
            "QuantizeLinear",
            "MatMulIntegerToFloat",
            "DequantizeLinear",
            "Add",
            "QuantizeLinear",
            "QLinearMatMul",
            "QLinearMul",
            "QLinearSoftmax",
            "QLinearMatMul",
            "DequantizeLinear"),
    /** A float node that reads what integer nodes make and read. */
    FLOAT_READER(
            n -> {
                Value x = convolution(n, "1", n.input("x", 1, 3, 9, 9), 8, 3, 3);
                Value y = convolution(n, "2", x, 8, 8, 3);
                return n.node("Add", y, n.node("Tanh", x));
            },
            "QLinearConv",
            "DequantizeLinear",
            "Tanh",
            "QuantizeLinear",
            "QLinearConv",
            "QLinearAdd",
            "DequantizeLinear");

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final Function<NetBuilder, Value> build;

    @SuppressWarnings("ImmutableEnumChecker") // a copy that cannot be changed
    private final List<String> kernels;

    IntegerNetwork(Function<NetBuilder, Value> build, String... kernels) {
        this.build = build;
        this.kernels = List.of(kernels);
    }

    /** What the runtime must run. */
    List<String> kernels() {
        return kernels;
    }

    /** A fresh copy of the network. */
    Net net() {
        NetBuilder builder = new NetBuilder();
        return builder.deliver(build.apply(builder));
    }

    private static Value convolution(
            NetBuilder n, String name, Value input, long outputs, long inputs, long size) {
        return n.node(
                "Conv",
                integers("pads", size / 2, size / 2, size / 2, size / 2),
                input,
                n.constant("w" + name, outputs, inputs, size, size),
                n.constant("b" + name, outputs));
    }

    private static Value line(
            NetBuilder n, String name, Value input, long outputs, long inputs, long size) {
        return n.node(
                "Conv",
                integers("pads", size / 2, size / 2),
                input,
                n.constant("w" + name, outputs, inputs, size),
                n.constant("b" + name, outputs));
    }

    private static Value projected(NetBuilder n, String name, Value input) {
        Value product = n.node("MatMul", input, n.constant("w" + name, 16, 8));
        return n.node("Add", product, n.constant("b" + name, 8));
    }

    private static Value relu(NetBuilder n, Value input) {
        return n.node("Relu", input);
    }

    private static Value clip(NetBuilder n, Value input) {
        return n.node(
                "Clip",
                input,
                n.number(n.graph().freshName("low"), 0),
                n.number(n.graph().freshName("high"), 6));
    }
}
