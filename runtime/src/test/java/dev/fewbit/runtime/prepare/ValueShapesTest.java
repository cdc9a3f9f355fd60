package dev.fewbit.runtime.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.shape.Extent;
import dev.fewbit.onnx.shape.ValueShapes;
import dev.fewbit.runtime.data.NumberArray;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What follows about shapes must be what ONNX Runtime makes. */
class ValueShapesTest {

    /** A node under test, and the integers that it is given as second input, if any. */
    // Made once per case, and never changed.
    @SuppressWarnings("ArrayRecordComponent")
    record Case(String operator, Consumer<Node> attributes, String constant, long[] values) {
        @Override
        public String toString() {
            return operator + " " + constant + java.util.Arrays.toString(values);
        }
    }

    private static Case plain(String operator, Consumer<Node> attributes) {
        return new Case(operator, attributes, "", new long[0]);
    }

    private static Case with(String operator, Consumer<Node> attributes, long... values) {
        return new Case(operator, attributes, "longs", values);
    }

    static Stream<Case> cases() {
        Consumer<Node> none = _ -> {};
        return Stream.of(
                plain("Relu", none),
                plain("Shape", none),
                plain(
                        "Shape",
                        n -> {
                            n.setAttribute("start", 1L);
                            n.setAttribute("end", -1L);
                        }),
                plain("Size", none),
                plain("Transpose", none),
                plain("Transpose", n -> n.setAttribute("perm", new long[] {0, 2, 3, 1})),
                plain("Flatten", none),
                plain("Flatten", n -> n.setAttribute("axis", 3L)),
                plain("Flatten", n -> n.setAttribute("axis", 0L)),
                plain("Flatten", n -> n.setAttribute("axis", -1L)),
                plain("GlobalAveragePool", none),
                plain("GlobalMaxPool", none),
                plain("ReduceMean", none),
                plain("ReduceMean", n -> n.setAttribute("keepdims", 0L)),
                plain(
                        "ReduceMax",
                        n -> {
                            n.setAttribute("axes", new long[] {-1, 1});
                            n.setAttribute("keepdims", 0L);
                        }),
                plain("ReduceMax", n -> n.setAttribute("axes", new long[] {2})),
                plain(
                        "ArgMax",
                        n -> {
                            n.setAttribute("axis", 2L);
                            n.setAttribute("keepdims", 0L);
                        }),
                with("ReduceSum", n -> n.setAttribute("keepdims", 0L), 1, 2),
                with("Squeeze", none, 4),
                with("Unsqueeze", none, 0, -1),
                with("Reshape", none, 0, -1, 6),
                with("Reshape", none, 6, -1),
                with("Reshape", none, -1),
                with("Reshape", n -> n.setAttribute("allowzero", 1L), -1, 3),
                with("Expand", none, 4, 1, 1, 1, 1),
                with("Tile", none, 1, 2, 1, 3),
                with("Gather", n -> n.setAttribute("axis", 2L), 0, 1, 1),
                with("TopK", n -> n.setAttribute("axis", 2L), 3),
                with("Pad", none, 0, 0, 1, 2, 0, 0, 0, 1),
                with("Pad", none, 0, 0, -1, 0, 0, 0, 0, 0),
                with("Split", n -> n.setAttribute("axis", 2L), 1, 5),
                plain("Split", n -> n.setAttribute("axis", 2L)),
                plain("MaxPool", n -> n.setAttribute("kernel_shape", new long[] {2, 3})),
                plain(
                        "MaxPool",
                        n -> {
                            n.setAttribute("kernel_shape", new long[] {3, 3});
                            n.setAttribute("strides", new long[] {2, 2});
                            n.setAttribute("pads", new long[] {1, 1, 1, 1});
                            n.setAttribute("ceil_mode", 1L);
                        }),
                plain(
                        "MaxPool",
                        n -> {
                            n.setAttribute("kernel_shape", new long[] {2, 2});
                            n.setAttribute("strides", new long[] {2, 2});
                            n.setAttribute("dilations", new long[] {2, 1});
                        }),
                plain(
                        "AveragePool",
                        n -> {
                            n.setAttribute("kernel_shape", new long[] {3, 3});
                            n.setAttribute("strides", new long[] {2, 2});
                            n.setAttribute("auto_pad", "SAME_UPPER");
                        }),
                plain(
                        "AveragePool",
                        n -> {
                            n.setAttribute("kernel_shape", new long[] {3, 2});
                            n.setAttribute("auto_pad", "VALID");
                        }),
                plain("DepthToSpace", n -> n.setAttribute("blocksize", 2L)),
                plain("SpaceToDepth", n -> n.setAttribute("blocksize", 1L)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithTheRuntime(Case each) {
        for (boolean free : new boolean[] {false, true}) {
            Sketch sketch = new Sketch();
            boolean squeezes = each.operator().equals("Squeeze");
            Value x =
                    squeezes
                            ? sketch.input("x", free ? "N" : 3, 4, 6, free ? "W" : 5, 1)
                            : sketch.input("x", free ? "N" : 3, 4, 6, free ? "W" : 5);
            Value y =
                    each.constant().isEmpty()
                            ? sketch.node(each.operator(), "y", each.attributes(), x)
                            : sketch.node(
                                    each.operator(),
                                    "y",
                                    each.attributes(),
                                    x,
                                    sketch.longs("values", each.values()));
            if (each.operator().equals("Split")) {
                y.producer().addOutput("z");
            }
            if (each.operator().equals("TopK")) {
                y.producer().addOutput("indices");
            }
            check(sketch.output(y).model(), y, !free);
        }
    }

    /** Every size that is known must be right, and equal symbols must stand for equal sizes. */
    private static void check(Model model, Value value, boolean complete) {
        long[] inferred = ValueShapes.of(model).shape(value);
        assertThat(inferred).isNotNull();
        Map<String, NumberArray> inputs = Equivalence.inputs(model, 3, false);
        long[] made = Equivalence.run(model, inputs).get(value.name()).shape();
        assertThat(inferred).hasSameSizeAs(made);
        Map<Long, Long> symbols = new HashMap<>();
        long[] given = ValueShapes.of(model).shape(model.graph().inputs().getFirst());
        long[] fed = inputs.values().iterator().next().shape();
        for (int axis = 0; axis < given.length; axis++) {
            symbols.put(given[axis], fed[axis]);
        }
        for (int axis = 0; axis < made.length; axis++) {
            if (Extent.isKnown(inferred[axis])) {
                assertThat(inferred[axis]).isEqualTo(made[axis]);
            } else {
                assertThat(complete).as("axis %d is not found", axis).isFalse();
            }
        }
        long[] again = ValueShapes.of(model).shape(value);
        for (int axis = 0; axis < made.length; axis++) {
            Long size = symbols.get(again[axis]);
            if (size != null) {
                assertThat(made[axis]).isEqualTo(size);
            }
        }
    }

    @Test
    void convolutionsAgreeWithTheRuntime() {
        for (int stride = 1; stride <= 3; stride++) {
            for (int pad = 0; pad <= 2; pad++) {
                for (int dilation = 1; dilation <= 2; dilation++) {
                    long[] strides = {stride, 1};
                    long[] pads = {pad, 0, 1, pad};
                    long[] dilations = {dilation, 1};
                    for (String operator : new String[] {"Conv", "ConvTranspose"}) {
                        Sketch sketch = new Sketch();
                        Value x = sketch.input("x", "N", 4, 7, 6);
                        Value w =
                                operator.equals("Conv")
                                        ? sketch.weights("w", 6, 2, 3, 2)
                                        : sketch.weights("w", 4, 3, 3, 2);
                        Value y =
                                sketch.node(
                                        operator,
                                        "y",
                                        n -> {
                                            n.setAttribute("group", 2L);
                                            n.setAttribute("strides", strides);
                                            n.setAttribute("pads", pads);
                                            n.setAttribute("dilations", dilations);
                                        },
                                        x,
                                        w);
                        check(sketch.output(y).model(), y, false);
                        long[] shape = ValueShapes.of(sketch.model()).shape(y);
                        assertThat(
                                        Extent.isKnown(shape[2])
                                                && Extent.isKnown(shape[3])
                                                && shape[1] == 6)
                                .isTrue();
                    }
                }
            }
        }
    }

    @Test
    void productsBroadcastingAndJoiningAgreeWithTheRuntime() {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 1, 4, 6);
        Value p = sketch.node("MatMul", "p", x, sketch.weights("w", 5, 6, 3));
        Value v = sketch.node("MatMul", "v", x, sketch.weights("u", 6));
        Value j =
                sketch.node(
                        "Concat",
                        "j",
                        n -> n.setAttribute("axis", -1L),
                        x,
                        x,
                        sketch.node("Relu", "r", x));
        Value e = sketch.node("Add", "e", sketch.weights("b", 2, 1, 1), x);
        Value s =
                sketch.node(
                        "Slice",
                        "s",
                        j,
                        sketch.longs("from", 9, 0),
                        sketch.longs("to", -20, 3),
                        sketch.longs("axes", -1, 2),
                        sketch.longs("steps", -2, 2));
        Value flat = sketch.node("Flatten", "f", x);
        Value g =
                sketch.node(
                        "Gemm",
                        "g",
                        n -> n.setAttribute("transB", 1L),
                        flat,
                        sketch.weights("h", 7, 24));
        sketch.output(p, v, j, e, s, g);
        for (Value value : new Value[] {p, v, j, e, s, g}) {
            check(sketch.model(), value, false);
            long[] shape = ValueShapes.of(sketch.model()).shape(value);
            for (int axis = 1; axis < shape.length; axis++) {
                assertThat(Extent.isKnown(shape[axis])).isTrue();
            }
        }
    }

    @Test
    void sizesFollowFromThoseThatInputsAreGiven() {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 3, "W");
        Value y = sketch.input("y", "N", 3, "M");
        Value joined = sketch.node("Concat", "joined", n -> n.setAttribute("axis", -1L), x, y);
        Value flat = sketch.node("Flatten", "flat", joined);
        sketch.output(flat);
        Map<String, long[]> both = Map.of("x", new long[] {2, 3, 4}, "y", new long[] {2, 3, 5});
        assertThat(ValueShapes.of(sketch.model(), both).sizes(flat)).containsExactly(2, 27);
        ValueShapes one = ValueShapes.of(sketch.model(), Map.of("x", new long[] {2, 3, 4}));
        assertThat(one.sizes(x)).containsExactly(2, 3, 4);
        // The same name is the same size.
        assertThat(one.shape(y)).startsWith(2, 3);
        assertThat(one.sizes(flat)).isNull();
        assertThat(ValueShapes.of(sketch.model()).sizes(x)).isNull();
    }

    @Test
    void elementsOfComputedVectorsAgreeWithTheRuntime() {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", 2, 3, 4);
        Value shape = sketch.node("Shape", "shape", x);
        Value last = sketch.node("Gather", "last", shape, sketch.longs("i", -1));
        Value sum = sketch.node("Add", "sum", shape, last);
        Value difference = sketch.node("Sub", "difference", sum, sketch.longs("two", 2));
        Value product = sketch.node("Mul", "product", difference, shape);
        Value quotient = sketch.node("Div", "quotient", product, sketch.longs("minus", -3));
        Value cut =
                sketch.node(
                        "Slice",
                        "cut",
                        quotient,
                        sketch.longs("a", -2),
                        sketch.longs("b", 9),
                        sketch.longs("c", 0));
        Value filled =
                sketch.node(
                        "ConstantOfShape",
                        "filled",
                        n -> n.setAttribute("value", Tensor.ofInts(new long[] {1}, 7)),
                        last);
        Value wide =
                sketch.node(
                        "Cast",
                        "wide",
                        n -> n.setAttribute("to", ElementType.INT64.code()),
                        filled);
        Value range =
                sketch.node(
                        "Range",
                        "range",
                        sketch.graph().addInitializer("s", Tensor.ofLongs(new long[0], 9)),
                        sketch.graph().addInitializer("t", Tensor.ofLongs(new long[0], 2)),
                        sketch.graph().addInitializer("d", Tensor.ofLongs(new long[0], -2)));
        Value all =
                sketch.node(
                        "Concat", "all", n -> n.setAttribute("axis", 0L), cut, wide, range, sum);
        sketch.output(all);
        long[] integers = ValueShapes.of(sketch.model()).integers(all);
        NumberArray made =
                Equivalence.run(sketch.model(), Equivalence.inputs(sketch.model(), 1, false))
                        .get("all");
        assertThat(integers).isNotNull().hasSize(made.size());
        for (int i = 0; i < integers.length; i++) {
            assertThat(integers[i]).isEqualTo(made.longAt(i));
        }
    }
}
