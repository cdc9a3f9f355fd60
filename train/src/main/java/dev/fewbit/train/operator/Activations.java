package dev.fewbit.train.operator;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/** Functions between layers. */
final class Activations {
    private Activations() {}

    static void addTo(Operators.Taker all) {
        all.single("Relu", call -> torch.relu(call.input(0)));
        all.single("Clip", Elements.widened(Activations::clip));
        all.single(
                "LeakyRelu", call -> torch.leaky_relu(call.input(0), number(call, "alpha", 0.01f)));
        all.single("PRelu", Elements.widened(Activations::slopedRelu));
        all.single("ThresholdedRelu", Activations::thresholdedRelu);
        all.single("Sigmoid", call -> torch.sigmoid(call.input(0)));
        all.single("HardSigmoid", Activations::hardSigmoid);
        all.single("HardSwish", call -> torch.hardswish(call.input(0)));
        all.single("Swish", Activations::swish);
        all.single("Mish", call -> torch.mish(call.input(0)));
        all.single("Softplus", call -> torch.softplus(call.input(0)));
        all.single("Softsign", call -> torch.softsign(call.input(0)));
        all.single("Shrink", Elements.widened(Activations::shrink));
        all.single("Softmax", call -> torch.softmax(call.input(0), lastAxis(call)));
        all.single("LogSoftmax", call -> torch.log_softmax(call.input(0), lastAxis(call)));
        all.take("Dropout", Activations::dropout);
    }

    private static Scalar number(Call call, String attribute, float absent) {
        return new Scalar(call.node().floatAttribute(attribute, absent));
    }

    /** The attribute {@code axis}, which is the last where it is absent. */
    static int lastAxis(Call call) {
        return call.axis(call.node().intAttribute("axis", -1), call.rank(0));
    }

    private static Tensor clip(Call call) {
        if (!call.has(1) && !call.has(2)) {
            return call.same(call.input(0));
        }
        return torch.clamp(call.input(0), bound(call, 1), bound(call, 2));
    }

    private static TensorOptional bound(Call call, int index) {
        Tensor bound = call.inputOrNull(index);
        if (bound == null) {
            return new TensorOptional();
        }
        // One number may come with axes, which must not become the result's.
        Tensor number = bound.numel() == 1 ? bound.reshape(new long[0]) : bound;
        return new TensorOptional(number.to(Elements.type(call.input(0))));
    }

    private static Tensor slopedRelu(Call call) {
        Tensor x = call.input(0);
        Tensor negative = torch.clamp_max(x, new Scalar(0));
        return torch.clamp_min(x, new Scalar(0)).add(negative.mul(call.input(1)));
    }

    private static Tensor thresholdedRelu(Call call) {
        return torch.threshold(call.input(0), number(call, "alpha", 1), new Scalar(0));
    }

    private static Tensor hardSigmoid(Call call) {
        Tensor line = call.input(0).mul(number(call, "alpha", 0.2f));
        Tensor moved = line.add(number(call, "beta", 0.5f));
        return torch.hardtanh(moved, new Scalar(0), new Scalar(1));
    }

    private static Tensor swish(Call call) {
        Tensor x = call.input(0);
        return x.mul(torch.sigmoid(x.mul(number(call, "alpha", 1))));
    }

    private static Tensor shrink(Call call) {
        Tensor x = call.input(0);
        float edge = call.node().floatAttribute("lambd", 0.5f);
        Scalar bias = number(call, "bias", 0);
        Tensor zero = torch.zeros_like(x);
        Tensor right = torch.where(x.gt(new Scalar(edge)), x.sub(bias), zero);
        return torch.where(x.lt(new Scalar(-edge)), x.add(bias), right).to(Elements.type(x));
    }

    private static List<@Nullable Tensor> dropout(Call call) {
        double ratio = call.has(1) ? call.number(1) : 0.5;
        if (call.has(2) && call.number(2) != 0 && ratio != 0) {
            throw call.failure(
                    "drops values at random, as in training; export the model for inference");
        }
        Tensor mask = call.wants(1) ? torch.ones_like(call.input(0)).to(ScalarType.Bool) : null;
        return Arrays.asList(call.same(call.input(0)), mask);
    }
}
