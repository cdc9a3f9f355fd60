package dev.fewbit.train.operator;

import dev.fewbit.onnx.graph.Attribute;
import dev.fewbit.onnx.graph.AttributeValue.StringValue;
import dev.fewbit.onnx.graph.AttributeValue.StringsValue;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** A function that recurrent layers apply. */
@FunctionalInterface
interface RecurrentActivation {
    Tensor of(Tensor x);

    /**
     * The functions of a node, those of all directions one after the other.
     *
     * @param usual those of one direction where the attribute {@code activations} is left out
     */
    static List<RecurrentActivation> of(Call call, int directions, List<String> usual) {
        List<String> names = names(call);
        if (names.isEmpty()) {
            Collections.nCopies(directions, usual).forEach(names::addAll);
        }
        if (names.size() != directions * usual.size()) {
            throw call.failure(
                    "has %d activations; %d are needed"
                            .formatted(names.size(), directions * usual.size()));
        }
        Parameters alphas = new Parameters(call.node().floatsAttribute("activation_alpha"));
        Parameters betas = new Parameters(call.node().floatsAttribute("activation_beta"));
        return names.stream().map(name -> named(call, name, alphas, betas)).toList();
    }

    private static List<String> names(Call call) {
        List<String> names = new ArrayList<>();
        Attribute attribute = call.node().attribute("activations");
        if (attribute != null) {
            if (!(attribute.value() instanceof StringsValue strings)) {
                throw call.failure("has activations that are no list of names");
            }
            strings.values().stream().map(StringValue::text).forEach(names::add);
        }
        return names;
    }

    private static RecurrentActivation named(
            Call call, String name, Parameters alphas, Parameters betas) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "relu" -> torch::relu;
            case "tanh" -> torch::tanh;
            case "sigmoid" -> torch::sigmoid;
            case "softplus" -> torch::softplus;
            case "softsign" -> x -> x.div(Numbers.plus(x.abs(), 1));
            case "affine" -> {
                double alpha = alphas.next(1);
                double beta = betas.next(0);
                yield x -> Numbers.plus(Numbers.times(x, alpha), beta);
            }
            case "scaledtanh" -> {
                double alpha = alphas.next(1);
                double beta = betas.next(1);
                yield x -> Numbers.times(torch.tanh(Numbers.times(x, beta)), alpha);
            }
            case "hardsigmoid" -> {
                double alpha = alphas.next(0.2);
                double beta = betas.next(0.5);
                yield x ->
                        torch.hardtanh(
                                Numbers.plus(Numbers.times(x, alpha), beta),
                                new Scalar(0.0),
                                new Scalar(1.0));
            }
            case "leakyrelu" -> {
                double alpha = alphas.next(0.01);
                yield x -> torch.leaky_relu(x, new Scalar(alpha));
            }
            case "thresholdedrelu" -> {
                double alpha = alphas.next(1);
                yield x -> torch.threshold(x, new Scalar(alpha), new Scalar(0.0));
            }
            case "elu" -> {
                double alpha = alphas.next(1);
                yield x -> torch.elu(x, new Scalar(alpha), new Scalar(1.0), new Scalar(1.0));
            }
            default -> throw call.failure("has an activation that is not known: " + name);
        };
    }

    /** Numbers that are taken in turn by the functions that need one. */
    final class Parameters {
        private final float @Nullable [] given;
        private int next;

        Parameters(float @Nullable [] given) {
            this.given = given;
        }

        double next(double absent) {
            return given == null || next >= given.length ? absent : given[next++];
        }
    }
}
