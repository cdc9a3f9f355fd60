package dev.fewbit.train.optimize;

import dev.fewbit.train.torch.Tensors;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adam with decoupled weight decay: I. Loshchilov and F. Hutter, <a
 * href="https://arxiv.org/abs/1711.05101">Decoupled Weight Decay Regularization</a>, 2017.
 */
public final class Adam implements Optimizer {
    private static final double FIRST = 0.9;
    private static final double SECOND = 0.999;
    private static final double LEAST = 1e-8;
    private static final String STEPS = "steps";

    private final List<Parameter> parameters;
    private final Map<String, Tensor> state = new LinkedHashMap<>();

    /** For these. */
    public Adam(List<Parameter> parameters) {
        this.parameters = List.copyOf(parameters);
        state.put(STEPS, torch.zeros(1));
        for (Parameter parameter : parameters) {
            long[] shape = Tensors.shape(parameter.tensor());
            state.put("first " + parameter.name(), torch.zeros(shape));
            state.put("second " + parameter.name(), torch.zeros(shape));
        }
    }

    @Override
    public void step(double share) {
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            Tensor count = tensor(STEPS).add_(new Scalar(1.0));
            double steps = count.item_double();
            double firstBias = 1 - Math.pow(FIRST, steps);
            double secondBias = 1 - Math.pow(SECOND, steps);
            for (Parameter parameter : parameters) {
                Tensor gradient = parameter.tensor().grad();
                if (!gradient.defined()) {
                    continue;
                }
                double rate = parameter.rate() * share;
                Tensor first = tensor("first " + parameter.name());
                Tensor second = tensor("second " + parameter.name());
                first.mul_(new Scalar(FIRST)).add_(gradient, new Scalar(1 - FIRST));
                second.mul_(new Scalar(SECOND))
                        .addcmul_(gradient, gradient, new Scalar(1 - SECOND));
                Tensor root =
                        second.sqrt()
                                .div_(new Scalar(Math.sqrt(secondBias)))
                                .add_(new Scalar(LEAST));
                parameter.tensor().mul_(new Scalar(1 - rate * parameter.decay()));
                parameter.tensor().addcdiv_(first, root, new Scalar(-rate / firstBias));
                gradient.zero_();
            }
        }
    }

    private Tensor tensor(String name) {
        Tensor tensor = state.get(name);
        if (tensor == null) {
            throw new IllegalStateException("there is no '" + name + "'");
        }
        return tensor;
    }

    @Override
    public Map<String, Tensor> state() {
        return state;
    }

    @Override
    public void close() {
        state.values().forEach(Tensor::close);
    }
}
