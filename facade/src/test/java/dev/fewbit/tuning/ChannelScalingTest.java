package dev.fewbit.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.core.plan.Correction;
import dev.fewbit.core.plan.Correction.ChannelAxis;
import dev.fewbit.core.plan.Correction.ChannelScaling;
import dev.fewbit.onnx.correct.CorrectionException;
import dev.fewbit.onnx.correct.GraphCorrector;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.runtime.data.NumberArray;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What corrections leave the same, in ONNX Runtime. */
class ChannelScalingTest {
    private static final int ROWS = 5;

    /** Relative error of one rounding to float. */
    private static final double ROUNDING = 0x1p-24;

    @TempDir Path folder;

    @Test
    void constantsInFrontAndBehindBalance() throws IOException {
        Networks net = new Networks();
        Value x = net.node("Mul", "scaled", net.rows(ROWS), net.uneven("gain", 32));
        Value biased = net.node("Add", "biased", x, net.normal("shift", 1, 32));
        Value y = net.node("MatMul", "y", biased, net.normal("w", 1, 32, 48));
        Value sizes = sizes(net, biased, net.graph());

        check(
                net.deliver(y, sizes),
                new ChannelScaling(
                        "biased",
                        List.of(new ChannelAxis("gain", 0), new ChannelAxis("shift", 0)),
                        List.of(new ChannelAxis("w", 0)),
                        factors(),
                        ""),
                List.of());
    }

    @Test
    void saysWhichValuesMeanSomethingElse() {
        Networks net = new Networks();
        Value input = net.node("Identity", "before", net.rows(ROWS));
        Value x = net.node("Mul", "scaled", input, net.uneven("gain", 32));
        Value biased = net.node("Add", "biased", x, net.normal("shift", 1, 32));
        Value positive = net.node("Relu", "positive", biased);
        Model model = net.deliver(net.node("MatMul", "y", positive, net.normal("w", 1, 32, 48)));

        ChannelScaling scaling =
                new ChannelScaling(
                        "positive",
                        List.of(new ChannelAxis("gain", 0), new ChannelAxis("shift", 0)),
                        List.of(new ChannelAxis("w", 0)),
                        factors(),
                        "");

        assertThat(GraphCorrector.apply(model, List.of(scaling)))
                .extracting(Value::name)
                .containsExactlyInAnyOrder("positive", "biased", "scaled");
    }

    @Test
    void aNodeIsPutInWhereNothingIsDivided() throws IOException {
        Networks net = new Networks();
        Value x = net.node("Identity", "v", net.rows(ROWS));
        Value y = net.node("MatMul", "y", x, net.normal("w", 1, 32, 48));
        Value other = net.node("Relu", "other", x);
        Value sizes = sizes(net, x, net.graph());

        Model changed =
                check(
                        net.deliver(y, sizes, other),
                        new ChannelScaling(
                                "v", List.of(), List.of(new ChannelAxis("w", 0)), factors(), ""),
                        List.of("other"));

        assertThat(producer(changed, "v_smoothed").opType()).isEqualTo("Mul");
        assertThat(producer(changed, "y").input(0)).hasToString("v_smoothed");
        assertThat(producer(changed, "other").input(0)).hasToString("v");
    }

    @Test
    void aNodeRestoresWhatNothingMultiplies() throws IOException {
        Networks net = new Networks();
        Value x = net.picture(3);
        Value w = net.normal("w", 1, 48, 32, 1, 1);
        Value y = net.node("Conv", "y", x, w, net.normal("b", 1, 48));
        Value magnitudes = net.node("Abs", "wide", x);
        Value sizes =
                net.node(
                        "Conv",
                        "sizes",
                        magnitudes,
                        net.node("Abs", "w_sizes", w),
                        net.node("Abs", "b_sizes", Networks.find(net.graph(), "b")));
        // What the sizes are made of is not to change.
        Model model = net.deliver(y, sizes);

        Model changed =
                check(
                        model,
                        new ChannelScaling(
                                "y",
                                List.of(new ChannelAxis("w", 0), new ChannelAxis("b", 0)),
                                List.of(),
                                factors(48),
                                ""),
                        List.of());

        assertThat(producer(changed, "y").opType()).isEqualTo("Mul");
        assertThat(producer(changed, "y_scaled").opType()).isEqualTo("Conv");
        assertThat(producer(changed, "y_scaled").name()).isEqualTo("y_node");
    }

    @Test
    void aNodeWithoutANameKeepsItsLabel() throws IOException {
        Networks net = new Networks();
        Value y = net.node("Conv", "y", net.picture(3), net.normal("w", 1, 48, 32, 1, 1));
        producer(y).setName("");
        Model model = net.deliver(y);

        GraphCorrector.apply(
                model,
                List.of(
                        new ChannelScaling(
                                "y",
                                List.of(new ChannelAxis("w", 0)),
                                List.of(),
                                factors(48),
                                "")));

        assertThat(producer(model, "y_scaled").name()).isEqualTo("y");
    }

    @Test
    void refusesAValueThatIsNotThere() {
        Networks net = new Networks();
        Value y = net.node("MatMul", "y", net.rows(ROWS), net.normal("w", 1, 32, 48));
        Model model = net.deliver(y);

        assertThatThrownBy(
                        () ->
                                GraphCorrector.apply(
                                        model,
                                        List.of(
                                                new ChannelScaling(
                                                        "elsewhere",
                                                        List.of(),
                                                        List.of(new ChannelAxis("w", 0)),
                                                        factors(),
                                                        ""))))
                .isInstanceOf(CorrectionException.class)
                .hasMessageContaining("'elsewhere'")
                .hasMessageContaining("no value of that name");
    }

    @Test
    void refusesToScaleNothing() {
        assertThatThrownBy(() -> new ChannelScaling("v", List.of(), List.of(), factors(), ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'v'");
    }

    /** For each output how large the terms are that it is the sum of. */
    private static Value sizes(Networks net, Value x, Graph graph) {
        return net.node(
                "MatMul",
                "sizes",
                net.node("Abs", "x_sizes", x),
                net.node("Abs", "w_sizes", Networks.find(graph, "w")));
    }

    /**
     * Runs both. A sum of n products is off by at most n + 1 roundings of the sum of their
     * magnitudes; with the roundings of scaled constants and factors, at most 8 on the way, that is
     * n + 9 for each model.
     */
    private Model check(Model model, Correction correction, List<String> same) throws IOException {
        Path before = Networks.write(model, folder.resolve("before.onnx"));
        Model changed = OnnxReader.read(before);
        GraphCorrector.apply(changed, List.of(correction));
        Path after = Networks.write(changed, folder.resolve("after.onnx"));
        long[] shape = changed.graph().inputs().getFirst().shape().sizes();

        Map<String, NumberArray> expected = Networks.run(before, shape);
        Map<String, NumberArray> found = Networks.run(after, shape);

        NumberArray y = expected.get("y");
        NumberArray sizes = expected.get("sizes");
        for (int i = 0; i < y.size(); i++) {
            double bound = 2 * (32 + 9) * ROUNDING * 1.001 * sizes.doubleAt(i);
            assertThat(found.get("y").doubleAt(i)).isCloseTo(y.doubleAt(i), within(bound));
        }
        for (String name : same) {
            assertThat(found.get(name).bytes()).isEqualTo(expected.get(name).bytes());
        }
        return changed;
    }

    private static List<Float> factors() {
        return factors(32);
    }

    private static List<Float> factors(int channels) {
        List<Float> factors = new ArrayList<>();
        for (int channel = 0; channel < channels; channel++) {
            factors.add((float) Math.exp(channel * 0.37 % 4 - 2));
        }
        return factors;
    }

    private static Node producer(Model model, String name) {
        return producer(Networks.find(model.graph(), name));
    }

    private static Node producer(Value value) {
        Node producer = value.producer();
        assertThat(producer).isNotNull();
        return producer;
    }
}
