package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Node;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * One incompatible change of operators between two opsets: how a node written for the version
 * before is rewritten for the version of the change. Stateless.
 *
 * <p>A node meets the adapters of its operator in rising order of {@link #version()}; the values
 * that it makes, or nodes added behind it make for it, stay the very same.
 */
interface Adapter {

    /** The opset that made the change. */
    int version();

    /** The operators of the default domain that it changed. */
    Set<String> operators();

    /** The operator that the node is afterwards; mostly the same. */
    default String successor(String operator) {
        return operator;
    }

    /**
     * Why this node cannot be rewritten, and what to do about it: a clause that continues "Clip
     * "name": ". Asked about the node as it stands in the unchanged model.
     *
     * @return null when it can be rewritten
     */
    default @Nullable String obstacle(Node node, ValueFacts facts) {
        return null;
    }

    /** Rewrites a node that has no {@link #obstacle}. */
    void rewrite(Node node, Rewriting rewriting);
}
