package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;

/** The element type of a node's output, for the operators of the default domain. */
final class TypeRules {

    /** Operators whose every output is boolean. */
    private static final Set<String> BOOLEAN =
            Set.of(
                    "And",
                    "Or",
                    "Xor",
                    "Not",
                    "Equal",
                    "Greater",
                    "Less",
                    "GreaterOrEqual",
                    "LessOrEqual",
                    "IsNaN",
                    "IsInf",
                    "OptionalHasElement",
                    "RegexFullMatch");

    /** Operators whose every output is int64. */
    private static final Set<String> INT64 =
            Set.of(
                    "Shape",
                    "Size",
                    "ArgMax",
                    "ArgMin",
                    "NonZero",
                    "NonMaxSuppression",
                    "SequenceLength");

    /** Operators whose second output is not of the type of the first. */
    private static final Set<String> OTHER_OUTPUTS =
            Set.of(
                    "MaxPool",
                    "TopK",
                    "Dropout",
                    "Unique",
                    "DynamicQuantizeLinear",
                    "LayerNormalization",
                    "BatchNormalization",
                    "StringSplit",
                    "Attention");

    /** Operators whose output type neither is that of the first input nor follows simply. */
    private static final Set<String> NOT_CONCLUDED =
            Set.of(
                    "Loop",
                    "Scan",
                    "SequenceMap",
                    "SequenceAt",
                    "SequenceConstruct",
                    "SequenceEmpty",
                    "SequenceErase",
                    "SequenceInsert",
                    "SplitToSequence",
                    "ConcatFromSequence",
                    "Optional",
                    "OptionalGetElement",
                    "ImageDecoder",
                    "BitCast",
                    "BlackmanWindow",
                    "HammingWindow",
                    "HannWindow",
                    "MelWeightMatrix",
                    "StringSplit",
                    "Multinomial",
                    "TfIdfVectorizer",
                    "Bernoulli",
                    "RandomNormalLike",
                    "RandomUniformLike",
                    "QLinearConv",
                    "QLinearMatMul",
                    "DynamicQuantizeLinear",
                    "QuantizeLinear",
                    "AffineGrid",
                    "STFT",
                    "DFT");

    private TypeRules() {}

    /** The type of output {@code index}; null when it does not follow. */
    static @Nullable ElementType infer(Node node, int index, ValueFacts facts) {
        String operator = node.opType();
        if (!node.domain().isEmpty()
                || OperatorVersions.table().versions(operator).isEmpty()
                || NOT_CONCLUDED.contains(operator)
                || (index > 0 && OTHER_OUTPUTS.contains(operator))) {
            return null;
        }
        if (BOOLEAN.contains(operator)) {
            return ElementType.BOOL;
        }
        if (INT64.contains(operator)) {
            return ElementType.INT64;
        }
        return switch (operator) {
            case "Cast" -> ElementType.ofCode(node.intAttribute("to", 0));
            case "CastLike", "Where" -> facts.elementType(node.input(1));
            case "OneHot" -> facts.elementType(node.input(2));
            case "MatMulInteger", "ConvInteger" -> ElementType.INT32;
            case "DequantizeLinear" -> dequantized(node, facts);
            case "ConstantOfShape" -> filled(node);
            case "EyeLike" -> stated(node, facts.elementType(node.input(0)));
            case "RandomNormal", "RandomUniform" -> stated(node, ElementType.FLOAT);
            case "If" -> branch(node, index, facts);
            default -> facts.elementType(node.input(0));
        };
    }

    private static @Nullable ElementType stated(Node node, @Nullable ElementType otherwise) {
        long code = node.intAttribute("dtype", 0);
        return code == 0 ? otherwise : ElementType.ofCode(code);
    }

    private static @Nullable ElementType dequantized(Node node, ValueFacts facts) {
        long code = node.intAttribute("output_dtype", 0);
        return code == 0 ? facts.elementType(node.input(1)) : ElementType.ofCode(code);
    }

    private static ElementType filled(Node node) {
        Tensor value = node.tensorAttribute("value");
        return value == null ? ElementType.FLOAT : value.elementType();
    }

    private static @Nullable ElementType branch(Node node, int index, ValueFacts facts) {
        for (Graph branch : node.subgraphs()) {
            List<Value> outputs = branch.outputs();
            ElementType type =
                    index < outputs.size() ? facts.elementType(outputs.get(index)) : null;
            if (type != null) {
                return type;
            }
        }
        return null;
    }
}
