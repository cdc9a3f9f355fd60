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

/** Stochastic gradient descent with Nesterov momentum, as libtorch has it. */
public final class Sgd implements Optimizer {
    private static final double MOMENTUM = 0.9;

    private final List<Parameter> parameters;
    private final Map<String, Tensor> momenta = new LinkedHashMap<>();

    /** For these. */
    public Sgd(List<Parameter> parameters) {
        this.parameters = List.copyOf(parameters);
        for (Parameter parameter : parameters) {
            momenta.put(
                    "momentum " + parameter.name(), torch.zeros(Tensors.shape(parameter.tensor())));
        }
    }

    @Override
    public void step(double share) {
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            for (Parameter parameter : parameters) {
                Tensor gradient = parameter.tensor().grad();
                if (!gradient.defined()) {
                    continue;
                }
                Tensor moved = gradient.add(parameter.tensor(), new Scalar(parameter.decay()));
                Tensor momentum = momentum(parameter);
                momentum.mul_(new Scalar(MOMENTUM)).add_(moved);
                moved.add_(momentum, new Scalar(MOMENTUM));
                parameter.tensor().add_(moved, new Scalar(-parameter.rate() * share));
                gradient.zero_();
            }
        }
    }

    private Tensor momentum(Parameter parameter) {
        Tensor momentum = momenta.get("momentum " + parameter.name());
        if (momentum == null) {
            throw new IllegalStateException("there is no momentum of " + parameter.name());
        }
        return momentum;
    }

    @Override
    public Map<String, Tensor> state() {
        return momenta;
    }

    @Override
    public void close() {
        momenta.values().forEach(Tensor::close);
    }
}
