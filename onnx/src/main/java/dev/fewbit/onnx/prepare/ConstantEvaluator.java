package dev.fewbit.onnx.prepare;

import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Tensor;

import java.util.Map;

/** Computes what depends on constants alone. */
public interface ConstantEvaluator {

    /**
     * Computes all outputs of a model.
     *
     * @param constantGraph a model without inputs
     * @return a tensor for every output, by name; outputs whose type cannot be read are missing
     * @throws ConstantEvaluationException when an operator fails or is not there
     */
    Map<String, Tensor> evaluate(Model constantGraph);
}
