package dev.fewbit.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Value;

import org.junit.jupiter.api.Test;

import java.util.Objects;

class SaturatingReadersTest {
    private final Networks net = new Networks();
    private final Value v = net.node("Identity", "v", net.picture(3));

    @Test
    void aSwishGivesNothingFarBelowZero() {
        Value y = net.node("Mul", "y", v, net.node("Sigmoid", "gate", v));

        expect(-8, Double.POSITIVE_INFINITY, y);
    }

    @Test
    void aSwishMayScaleItsGate() {
        Value scaled = net.node("Mul", "scaled", v, net.number("two", 2));
        Value y = net.node("Mul", "y", v, net.node("Sigmoid", "gate", scaled));

        expect(-4, Double.POSITIVE_INFINITY, y);
    }

    @Test
    void aHardSwishInPartsGivesNothingBelowMinusThree() {
        Value six = net.number("six", 6);
        Value moved = net.node("Add", "moved", v, net.number("three", 3));
        Value gate = net.node("Clip", "gate", moved, net.number("zero", 0), six);
        Value y = net.node("Div", "y", net.node("Mul", "product", v, gate), six);

        expect(-3, Double.POSITIVE_INFINITY, y);
    }

    @Test
    void aHardSigmoidSaturatesOnBothSides() {
        Value y = net.node("HardSigmoid", "y", v);
        Objects.requireNonNull(y.producer()).setAttribute("alpha", 0.25f);

        expect(-2, 2, y);
    }

    @Test
    void aGeluGivesNothingFarBelowZero() {
        Value inner = net.node("Div", "inner", v, net.number("root", (float) Math.sqrt(2)));
        Value gate = net.node("Add", "gate", net.node("Erf", "erf", inner), net.number("one", 1));
        Value y = net.node("Mul", "y", v, gate);

        expect(-6, Double.POSITIVE_INFINITY, y);
    }

    @Test
    void anotherReaderSeesAllSizes() {
        Value y = net.node("Mul", "y", v, net.node("Sigmoid", "gate", v));
        Value other = net.node("Tanh", "other", v);

        expect(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, y, other);
    }

    @Test
    void aProductWithSomethingElseSeesAllSizes() {
        Value foreign = net.node("Tanh", "foreign", Objects.requireNonNull(v.producer()).input(0));
        Value y = net.node("Mul", "y", v, foreign);
        Value gate = net.node("Sigmoid", "gate", v);

        expect(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, y, gate);
    }

    private void expect(double low, double high, Value... outputs) {
        SaturatingReaders.Limits limits =
                SaturatingReaders.of(v, new Constants(net.deliver(outputs)));

        if (Double.isInfinite(low)) {
            assertThat(limits.low()).isEqualTo(low);
            assertThat(limits.isActivation()).isFalse();
        } else {
            // The numbers are sums and quotients of a few floats.
            assertThat(limits.low()).isCloseTo(low, within(1e-6));
        }
        if (Double.isInfinite(high)) {
            assertThat(limits.high()).isEqualTo(high);
        } else {
            assertThat(limits.high()).isCloseTo(high, within(1e-6));
        }
    }
}
