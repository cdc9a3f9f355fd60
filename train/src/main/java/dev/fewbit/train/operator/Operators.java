package dev.fewbit.train.operator;

import dev.fewbit.onnx.graph.Node;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** All operators that networks can be trained with. */
public final class Operators {
    private static final Map<String, Operator> ALL = all();

    private Operators() {}

    /** Takes the operators of a family. */
    @FunctionalInterface
    interface Taker {
        /** Takes an operator of the default domain. */
        void take(String opType, Operator operator);

        /** Takes an operator with one output. */
        default void single(String opType, Operator.Single operator) {
            take(opType, Operator.of(operator));
        }
    }

    private static Map<String, Operator> all() {
        Map<String, Operator> all = new HashMap<>();
        Taker taker =
                (opType, operator) -> {
                    if (all.put(opType, operator) != null) {
                        throw new IllegalStateException("two operators are called " + opType);
                    }
                };
        Arithmetic.addTo(taker);
        ElementFunctions.addTo(taker);
        Logic.addTo(taker);
        Activations.addTo(taker);
        LinearUnits.addTo(taker);
        Convolutions.addTo(taker);
        Products.addTo(taker);
        Shapes.addTo(taker);
        Pieces.addTo(taker);
        Padding.addTo(taker);
        Gathering.addTo(taker);
        Scattering.addTo(taker);
        MadeTensors.addTo(taker);
        Searches.addTo(taker);
        UniqueElements.addTo(taker);
        Rearrangements.addTo(taker);
        RunningTotals.addTo(taker);
        Casts.addTo(taker);
        Einsum.addTo(taker);
        Branches.addTo(taker);
        Loops.addTo(taker);
        Scans.addTo(taker);
        Reductions.addTo(taker);
        Pooling.addTo(taker);
        ChannelNormalizations.addTo(taker);
        AxisNormalizations.addTo(taker);
        Resizing.addTo(taker);
        Sampling.addTo(taker);
        Recurrences.addTo(taker);
        Attentions.addTo(taker);
        Quantization.addTo(taker);
        return Map.copyOf(all);
    }

    /** What a node computes; null if it is none of these. */
    public static @Nullable Operator of(Node node) {
        return node.domain().isEmpty() ? ALL.get(node.opType()) : null;
    }

    /** Names of all operators, sorted. */
    public static Set<String> names() {
        return new TreeSet<>(ALL.keySet());
    }
}
