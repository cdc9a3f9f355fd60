package dev.fewbit.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.format.Affine;
import dev.fewbit.encoding.IntegerArithmetic.Convolution;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Shape;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.NumberType;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.SessionSettings;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/**
 * ONNX Runtime's integer operators against the definitions in {@link IntegerArithmetic}, on random
 * shapes. Integers must be equal; requantized sums are the nearest code to the real number, except
 * that the runtime multiplies in float: 2^-22 of the number may decide a tie in another way.
 */
class IntegerArithmeticTest {
    private static final Affine UINT8 = new Affine(8, false, false);
    private static final Affine INT8 = new Affine(8, true, false);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void quantizeLinear(long seed) throws IOException {
        Random random = new Random(seed);
        Affine format = seed % 2 == 0 ? INT8 : UINT8;
        int count = 1 + random.nextInt(300);
        float scale = (float) Math.exp(random.nextGaussian());
        int zeroPoint = format.qmin() + random.nextInt(256);
        float[] x = new float[count];
        for (int i = 0; i < count; i++) {
            // Every third is a tie, and some saturate.
            x[i] =
                    i % 3 == 0
                            ? (random.nextInt(600) - 300 + 0.5f) * scale
                            : (float) random.nextGaussian() * 200 * scale;
        }
        Operator operator = new Operator("QuantizeLinear");
        operator.floats("x", x, count);
        operator.scale("scale", scale);
        operator.codes("zero", format, new int[] {zeroPoint});
        assertThat(operator.run())
                .containsExactly(doubles(IntegerArithmetic.quantize(x, scale, zeroPoint, format)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void dequantizeLinear(long seed) throws IOException {
        Random random = new Random(seed);
        Affine format = seed % 2 == 0 ? INT8 : UINT8;
        int count = 1 + random.nextInt(300);
        float scale = (float) Math.exp(random.nextGaussian());
        int zeroPoint = format.qmin() + random.nextInt(256);
        int[] codes = codes(random, format, count);
        Operator operator = new Operator("DequantizeLinear");
        operator.codes("x", format, codes, count);
        operator.scale("scale", scale);
        operator.codes("zero", format, new int[] {zeroPoint});
        double[] expected = doubles(IntegerArithmetic.dequantize(codes, scale, zeroPoint));
        assertThat(operator.run()).containsExactly(expected);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void dynamicQuantizeLinear(long seed) throws IOException {
        Random random = new Random(seed);
        int count = 2 + random.nextInt(300);
        float shift = random.nextInt(3) - 1;
        float[] x = new float[count];
        for (int i = 0; i < count; i++) {
            x[i] = (float) random.nextGaussian() + 5 * shift;
        }
        AffineParameters parameters = IntegerArithmetic.dynamic(x);
        for (int output = 0; output < 3; output++) {
            Operator operator = new Operator("DynamicQuantizeLinear");
            operator.floats("x", x, count);
            double[] expected =
                    switch (output) {
                        case 0 ->
                                doubles(
                                        IntegerArithmetic.quantize(
                                                x,
                                                parameters.scale(),
                                                parameters.zeroPoint(),
                                                UINT8));
                        case 1 -> new double[] {parameters.scale()};
                        default -> new double[] {parameters.zeroPoint()};
                    };
            assertThat(operator.run(output, 3)).containsExactly(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void matMulInteger(long seed) throws IOException {
        Product p = new Product(new Random(seed), seed % 2 == 0);
        Operator operator = new Operator("MatMulInteger");
        operator.codes("a", UINT8, p.a, p.rows, p.depth);
        operator.codes("b", p.right, p.b, p.depth, p.columns);
        operator.codes("za", UINT8, new int[] {p.za});
        operator.codes("zb", p.right, new int[] {p.zb});
        assertThat(operator.run()).containsExactly(doubles(p.sums()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void qLinearMatMul(long seed) throws IOException {
        Random random = new Random(seed);
        Product p = new Product(random, seed % 2 == 0);
        float sa = 0.02f + random.nextFloat();
        float sb = 0.02f + random.nextFloat();
        int[] sums = p.sums();
        float sy = sa * sb * (1 + largest(sums) / 100f);
        int zy = random.nextInt(256);
        Operator operator = new Operator("QLinearMatMul");
        operator.codes("a", UINT8, p.a, p.rows, p.depth);
        operator.scale("sa", sa);
        operator.codes("za", UINT8, new int[] {p.za});
        operator.codes("b", p.right, p.b, p.depth, p.columns);
        operator.scale("sb", sb);
        operator.codes("zb", p.right, new int[] {p.zb});
        operator.scale("sy", sy);
        operator.codes("zy", UINT8, new int[] {zy});
        requantized(operator.run(), sums, sa, sb, sy, zy);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void convInteger(long seed) throws IOException {
        Images images = new Images(new Random(seed), UINT8);
        Operator operator = new Operator("ConvInteger", images::describe);
        operator.codes("x", UINT8, images.x, images.inputShape());
        operator.codes("w", UINT8, images.w, images.weightShape());
        operator.codes("zx", UINT8, new int[] {images.zx});
        operator.codes("zw", UINT8, new int[] {images.zw});
        assertThat(operator.run()).containsExactly(doubles(images.sums()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void qLinearConv(long seed) throws IOException {
        Random random = new Random(seed);
        Images images = new Images(random, INT8);
        images.zw = 0;
        float sx = 0.02f + random.nextFloat();
        float sw = 0.02f + random.nextFloat();
        int[] bias = random.ints(images.shape.outputs(), -5000, 5000).toArray();
        int[] sums = images.sums();
        int area = sums.length / bias.length;
        for (int i = 0; i < sums.length; i++) {
            sums[i] += bias[i / area];
        }
        float sy = sx * sw * (1 + largest(sums) / 100f);
        int zy = random.nextInt(256);
        Operator operator = new Operator("QLinearConv", images::describe);
        operator.codes("x", UINT8, images.x, images.inputShape());
        operator.scale("sx", sx);
        operator.codes("zx", UINT8, new int[] {images.zx});
        operator.codes("w", INT8, images.w, images.weightShape());
        operator.scale("sw", sw);
        operator.codes("zw", INT8, new int[] {0});
        operator.scale("sy", sy);
        operator.codes("zy", UINT8, new int[] {zy});
        operator.constant("bias", Tensor.ofInts(new long[] {bias.length}, bias));
        requantized(operator.run(), sums, sx, sw, sy, zy);
    }

    private static void requantized(
            double[] actual, int[] sums, float sx, float sw, float sy, int zy) {
        assertThat(actual).hasSameSizeAs(sums);
        for (int i = 0; i < sums.length; i++) {
            double real = IntegerArithmetic.rescaled(sums[i], sx, sw, sy);
            double nearest = Math.clamp(real + zy, 0, 255);
            assertThat(actual[i])
                    .as("element %d, %s + %d", i, real, zy)
                    .isCloseTo(nearest, within(0.5 + Math.abs(real) * 0x1p-22));
        }
    }

    private static int largest(int[] sums) {
        return Arrays.stream(sums).map(Math::abs).max().orElseThrow();
    }

    private static int[] codes(Random random, Affine format, int count) {
        return random.ints(count, format.qmin(), format.qmax() + 1).toArray();
    }

    private static double[] doubles(int[] values) {
        return Arrays.stream(values).asDoubleStream().toArray();
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }

    private static final class Product {
        final int rows;
        final int depth;
        final int columns;
        final Affine right;
        final int[] a;
        final int[] b;
        final int za;
        final int zb;

        Product(Random random, boolean signed) {
            rows = 1 + random.nextInt(9);
            depth = 1 + random.nextInt(90);
            columns = 1 + random.nextInt(40);
            right = signed ? INT8 : UINT8;
            a = codes(random, UINT8, rows * depth);
            b = codes(random, right, depth * columns);
            za = random.nextInt(256);
            zb = signed ? 0 : random.nextInt(256);
            if (signed) {
                // Sums of pairs that do not saturate on processors that add them in 16 bits.
                for (int i = 0; i < b.length; i++) {
                    b[i] /= 2;
                }
            }
        }

        int[] sums() {
            return IntegerArithmetic.matMul(a, za, b, new int[] {zb}, rows, depth, columns);
        }
    }

    private static final class Images {
        final Convolution shape;
        final int[] x;
        final int[] w;
        final int zx;
        int zw;

        Images(Random random, Affine weight) {
            int groups = 1 + random.nextInt(2);
            shape =
                    new Convolution(
                            groups * (1 + random.nextInt(4)),
                            groups * (1 + random.nextInt(5)),
                            groups,
                            5 + random.nextInt(6),
                            1 + random.nextInt(4),
                            random.nextInt(2),
                            1 + random.nextInt(2));
            x = codes(random, UINT8, shape.inputs() * shape.size() * shape.size());
            w = codes(random, weight, shape.weights());
            if (weight.signed()) {
                for (int i = 0; i < w.length; i++) {
                    w[i] /= 2;
                }
            }
            zx = random.nextInt(256);
            zw = random.nextInt(256);
        }

        long[] inputShape() {
            return new long[] {1, shape.inputs(), shape.size(), shape.size()};
        }

        long[] weightShape() {
            long perGroup = shape.inputs() / shape.groups();
            return new long[] {shape.outputs(), perGroup, shape.kernel(), shape.kernel()};
        }

        void describe(Node node) {
            node.setAttribute("group", shape.groups());
            long pad = shape.pad();
            node.setAttribute("pads", new long[] {pad, pad, pad, pad});
            node.setAttribute("strides", new long[] {shape.stride(), shape.stride()});
        }

        int[] sums() {
            return IntegerArithmetic.convolve(x, zx, w, zw, shape);
        }
    }

    /** A model of one operator; arrays with a shape are inputs, the others constants. */
    private static final class Operator {
        private final Graph graph = new Graph("operator");
        private final Node node;
        private final Map<String, NumberArray> inputs = new LinkedHashMap<>();

        Operator(String name) {
            this(name, _ -> {});
        }

        Operator(String name, Consumer<Node> attributes) {
            node = new Node(name, name);
            attributes.accept(node);
        }

        void floats(String name, float[] values, long... shape) {
            input(name, ElementType.FLOAT, NumberArray.ofFloats(values, shape));
        }

        void scale(String name, float value) {
            constant(name, Tensor.ofFloats(new long[0], value));
        }

        void codes(String name, Affine format, int[] codes, long... shape) {
            byte[] bytes = new byte[codes.length];
            for (int i = 0; i < codes.length; i++) {
                bytes[i] = (byte) codes[i];
            }
            ElementType type = format.signed() ? ElementType.INT8 : ElementType.UINT8;
            if (shape.length == 0) {
                constant(name, Tensor.ofBytes(type, shape, bytes));
            } else {
                NumberType number = format.signed() ? NumberType.INT8 : NumberType.UINT8;
                input(name, type, new NumberArray(number, shape, ByteBuffer.wrap(bytes)));
            }
        }

        void constant(String name, Tensor tensor) {
            node.addInput(graph.addInitializer(name, tensor));
        }

        private void input(String name, ElementType type, NumberArray array) {
            Value value = new Value(name);
            value.setType(type, Shape.of(array.shape()));
            graph.addInput(value);
            node.addInput(value);
            inputs.put(name, array);
        }

        double[] run() throws IOException {
            return run(0, 1);
        }

        double[] run(int wanted, int outputs) throws IOException {
            for (int i = 0; i < outputs; i++) {
                node.addOutput("y" + i);
            }
            graph.add(node);
            Value output = node.output(wanted);
            graph.addOutput(output);
            Model model = new Model(8, graph);
            model.setOpset("", 13);
            ByteBuffer bytes = ByteBuffer.wrap(OnnxWriter.toBytes(model));
            try (ModelSession session =
                    ModelSession.open("operator", bytes, SessionSettings.withThreads(1))) {
                NumberArray array =
                        session.run(new Sample(0, inputs, Optional.empty())).get(output.name());
                double[] values = new double[array.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = array.doubleAt(i);
                }
                return values;
            }
        }
    }
}
