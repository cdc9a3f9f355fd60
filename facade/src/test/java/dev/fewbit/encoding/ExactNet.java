package dev.fewbit.encoding;

import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.InputPlan;
import dev.fewbit.core.plan.OperatorPlan;
import dev.fewbit.core.plan.OperatorPlan.Arithmetic;
import dev.fewbit.encoding.NetBuilder.Net;
import dev.fewbit.onnx.encode.ModelEncoder;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.io.WriteOptions;
import dev.fewbit.runtime.data.NumberArray;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Networks in which scales are powers of two and sums small, so that floats compute what integers
 * do, bit by bit: an integer kernel and the float operators between QuantizeLinear and
 * DequantizeLinear must agree exactly.
 */
final class ExactNet {
    /** Scale of all weights. */
    private static final float WEIGHT_SCALE = 0x1p-7f;

    private static final Affine WEIGHT = new Affine(8, true, true);

    private final Path folder;

    ExactNet(Path folder) {
        this.folder = folder;
    }

    /** Weights in steps of one 128th, from -1 to less than 1 in every output channel. */
    static Value weight(NetBuilder n, String name, int channelAxis, long... shape) {
        Random random = new Random(name.hashCode());
        float[] values = new float[(int) Tensor.elementCount(shape)];
        int behind = 1;
        for (int axis = channelAxis + 1; axis < shape.length; axis++) {
            behind *= (int) shape[axis];
        }
        boolean[] reached = new boolean[(int) shape[channelAxis]];
        for (int i = 0; i < values.length; i++) {
            int channel = i / behind % reached.length;
            int code = reached[channel] ? random.nextInt(255) - 127 : -128;
            reached[channel] = true;
            values[i] = code * WEIGHT_SCALE;
        }
        return n.graph().addInitializer(name, Tensor.ofFloats(shape, values));
    }

    /** A bias in steps of an activation's scale times that of the weights. */
    static Value bias(NetBuilder n, String name, int channels, float scale) {
        Random random = new Random(name.hashCode());
        float[] values = new float[channels];
        for (int i = 0; i < channels; i++) {
            values[i] = (random.nextInt(2001) - 1000) * (scale * WEIGHT_SCALE);
        }
        return n.graph().addInitializer(name, Tensor.ofFloats(new long[] {channels}, values));
    }

    /** Unsigned codes whose zero point is free. */
    static Affine unsigned(int bits) {
        return new Affine(bits, false, false);
    }

    /** A plan of 8 bits for everything, as tests change it. */
    PlanSketch sketch(Net net) throws IOException {
        return PlanSketch.of(
                net.model(),
                Runs.values(net, folder),
                PlanSketch.UNSIGNED,
                WEIGHT,
                Grouping.CHANNEL);
    }

    /** Plans levels of a value. */
    static void value(PlanSketch sketch, String value, Affine format, float scale, int zeroPoint) {
        sketch.activations.put(
                value,
                new ActivationPlan(
                        value,
                        format,
                        new AffineParameters(scale, zeroPoint),
                        "squared-error",
                        "tested"));
    }

    /** Plans levels of what a node reads. */
    static void input(PlanSketch sketch, String node, Affine format, float scale, int zeroPoint) {
        OperatorPlan old = sketch.operators.get(node);
        sketch.operators.put(
                node,
                new OperatorPlan(
                        node,
                        old.operator(),
                        Arithmetic.INTEGER,
                        Optional.of(
                                new InputPlan(
                                        format,
                                        new AffineParameters(scale, zeroPoint),
                                        "squared-error",
                                        "tested")),
                        old.reason()));
    }

    /** The quantized network in a file. */
    Path encode(PlanSketch sketch) throws IOException {
        new ModelEncoder(sketch.model(), Measuring.NOTHING).encode(sketch.plan());
        Path file = folder.resolve("small.onnx");
        OnnxWriter.write(sketch.model(), file, WriteOptions.defaults());
        return file;
    }

    /** A rounding in a quantized network: the codes found, and those by definition. */
    record Codes(String name, List<Integer> found, List<Integer> expected) {}

    /**
     * What every Clip of codes made of the numbers that QuantizeLinear read before it, without any
     * rewriting by the runtime. By definition that is {@code clamp(round(x / s) + z)}.
     */
    static List<Codes> codes(
            Path small, Map<String, NumberArray> inputs, Affine format, Path folder)
            throws IOException {
        Model model = OnnxReader.read(small);
        List<Node> clips = model.graph().nodes().stream().filter(each -> each.is("Clip")).toList();
        List<Value> wanted = new ArrayList<>();
        for (Node clip : clips) {
            ElementType type = format.signed() ? ElementType.INT8 : ElementType.UINT8;
            wanted.add(delivered(model, clip.input(0).producer().input(0), ElementType.FLOAT));
            wanted.add(delivered(model, clip.output(0), type));
        }
        Path file = folder.resolve("codes.onnx");
        OnnxWriter.write(model, file, WriteOptions.defaults());
        Map<String, float[]> values = Runs.literally(file, inputs);
        List<Codes> all = new ArrayList<>();
        for (int i = 0; i < clips.size(); i++) {
            Node quantize = clips.get(i).input(0).producer();
            float scale = quantize.input(1).initializer().floats()[0];
            byte zero = quantize.input(2).initializer().bytes()[0];
            int zeroPoint = format.signed() ? zero : zero & 0xff;
            String number = wanted.get(2 * i).name();
            float[] numbers =
                    values.containsKey(number)
                            ? values.get(number)
                            : Runs.floats(inputs.get(number));
            float[] found = values.get(wanted.get(2 * i + 1).name());
            List<Integer> codes = new ArrayList<>();
            List<Integer> expected = new ArrayList<>();
            for (int k = 0; k < found.length; k++) {
                codes.add((int) found[k]);
                double code = Math.rint(numbers[k] / scale) + zeroPoint;
                expected.add((int) Math.clamp(code, format.qmin(), format.qmax()));
            }
            all.add(new Codes(clips.get(i).name(), codes, expected));
        }
        return all;
    }

    private static Value delivered(Model model, Value value, ElementType type) {
        if (!value.isGraphOutput() && value.producer() != null) {
            value.setType(type, null);
            model.graph().addOutput(value);
        }
        return value;
    }
}
