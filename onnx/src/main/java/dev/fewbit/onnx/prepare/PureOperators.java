package dev.fewbit.onnx.prepare;

import dev.fewbit.onnx.graph.AttributeValue;
import dev.fewbit.onnx.graph.FunctionDefinition;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;

import java.util.HashSet;
import java.util.Set;

/** Tells which nodes always make the same tensors from the same tensors. */
final class PureOperators {

    /** Operators that draw random numbers. */
    private static final Set<String> RANDOM =
            Set.of(
                    "Bernoulli",
                    "Multinomial",
                    "RandomNormal",
                    "RandomNormalLike",
                    "RandomUniform",
                    "RandomUniformLike");

    /** Operators that make or take something else than tensors of numbers. */
    private static final Set<String> OTHER_THAN_NUMBERS =
            Set.of(
                    "ConcatFromSequence",
                    "ImageDecoder",
                    "Optional",
                    "OptionalGetElement",
                    "OptionalHasElement",
                    "RegexFullMatch",
                    "SequenceAt",
                    "SequenceConstruct",
                    "SequenceEmpty",
                    "SequenceErase",
                    "SequenceInsert",
                    "SequenceLength",
                    "SplitToSequence",
                    "StringConcat",
                    "StringNormalizer",
                    "StringSplit",
                    "TfIdfVectorizer");

    private final Set<String> functions = new HashSet<>();

    PureOperators(Model model) {
        for (FunctionDefinition function : model.functions()) {
            if (Model.normalDomain(function.domain()).isEmpty()) {
                functions.add(function.name());
            }
        }
    }

    /**
     * True for operators of the default domain whose result depends on their inputs alone. A
     * quantized weight stays quantized, so DequantizeLinear does not count; Constant nodes are
     * dealt with elsewhere.
     */
    boolean contains(Node node) {
        String operator = node.opType();
        return node.domain().isEmpty()
                && !RANDOM.contains(operator)
                && !OTHER_THAN_NUMBERS.contains(operator)
                && !functions.contains(operator)
                && !operator.equals("DequantizeLinear")
                && !operator.equals("Constant")
                && !operator.equals("Dropout")
                && node.subgraphs().isEmpty()
                && node.attributes().stream()
                        .noneMatch(each -> each.value() instanceof AttributeValue.Opaque);
    }
}
