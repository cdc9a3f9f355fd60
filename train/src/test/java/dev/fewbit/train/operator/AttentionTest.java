package dev.fewbit.train.operator;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Tensor;

import org.junit.jupiter.api.Test;

class AttentionTest {
    private static final float INFINITE = Float.NEGATIVE_INFINITY;

    private static OperatorCheck attention(int heads, int sharedHeads) {
        return OperatorCheck.of("Attention")
                .opset(24)
                .floats("q", 2, heads, 3, 8)
                .floats("k", 2, sharedHeads, 5, 8)
                .floats("v", 2, sharedHeads, 5, 6);
    }

    @Test
    void headByHead() {
        attention(4, 4).passes();
        attention(4, 2).passes();
        attention(4, 1).with(node -> node.setAttribute("scale", 0.2f)).passes();
        attention(4, 4).with(node -> node.setAttribute("softcap", 0.7f)).passes();
    }

    @Test
    void ofThreeDimensions() {
        OperatorCheck.of("Attention")
                .opset(24)
                .floats("q", 2, 3, 4 * 8)
                .floats("k", 2, 5, 2 * 8)
                .floats("v", 2, 5, 2 * 6)
                .with(node -> node.setAttribute("q_num_heads", 4))
                .with(node -> node.setAttribute("kv_num_heads", 2))
                .passes();
    }

    @Test
    void masks() {
        attention(4, 4).floats("mask", 3, 5).passes();
        attention(4, 4).floats("mask", 2, 1, 3, 5).passes();
        attention(4, 4)
                .constant(
                        "mask",
                        Tensor.ofBytes(
                                ElementType.BOOL,
                                new long[] {3, 5},
                                new byte[] {1, 0, 1, 1, 0, 0, 0, 1, 0, 1, 1, 1, 1, 1, 1}))
                .passes();
    }

    @Test
    void causal() {
        attention(4, 4).with(node -> node.setAttribute("is_causal", 1)).passes();
    }

    @Test
    void withThePast() {
        for (int causal : new int[] {0, 1}) {
            attention(4, 2)
                    .omitted()
                    .floats("pk", 2, 2, 4, 8)
                    .floats("pv", 2, 2, 4, 6)
                    .with(node -> node.setAttribute("is_causal", causal))
                    .outputs(3)
                    .passes();
        }
    }

    @Test
    void scores() {
        for (int mode : new int[] {0, 3}) {
            attention(4, 4)
                    .floats("mask", 3, 5)
                    .omitted()
                    .omitted()
                    .with(node -> node.setAttribute("qk_matmul_output_mode", mode))
                    .outputs(4)
                    .passes();
        }
    }

    /** All scores are 0, so that each query gets the mean of what it sees. */
    private static OperatorCheck means(int queries) {
        return OperatorCheck.of("Attention")
                .opset(25)
                .floats("q", new long[] {1, 1, queries, 1}, new float[queries])
                .floats("k", new long[] {1, 1, 4, 1}, 1, 1, 1, 1)
                .floats("v", new long[] {1, 1, 4, 1}, 1, 3, 5, 9);
    }

    @Test
    void windows() {
        means(4).with(node -> node.setAttribute("left_window_size", 1))
                .with(node -> node.setAttribute("right_window_size", 0))
                .gives(new long[] {1, 1, 4, 1}, 1, 2, 4, 7);
        means(4).with(node -> node.setAttribute("right_window_size", 1))
                .gives(new long[] {1, 1, 4, 1}, 2, 3, 4.5f, 4.5f);
    }

    @Test
    void lengths() {
        means(2).omitted()
                .omitted()
                .omitted()
                .longs("lengths", 3)
                .with(node -> node.setAttribute("is_causal", 1))
                .gives(new long[] {1, 1, 2, 1}, 2, 3);
    }

    @Test
    void aMaskThatIsTooShort() {
        means(2).constant("mask", Tensor.ofFloats(new long[] {2, 3}, 0, 0, 0, INFINITE, 0, 0))
                .gives(new long[] {1, 1, 2, 1}, 3, 4);
    }

    @Test
    void queriesThatSeeNothing() {
        means(2).constant(
                        "mask",
                        Tensor.ofFloats(
                                new long[] {2, 4},
                                INFINITE,
                                INFINITE,
                                INFINITE,
                                INFINITE,
                                0,
                                0,
                                0,
                                0))
                .gives(new long[] {1, 1, 2, 1}, 0, 4.5f);
    }

    @Test
    void rotations() {
        for (int interleaved : new int[] {0, 1}) {
            OperatorCheck.of("RotaryEmbedding")
                    .opset(23)
                    .floats("x", 2, 4, 3, 8)
                    .floats("cos", 10, 4)
                    .floats("sin", 10, 4)
                    .constant("places", Tensor.ofLongs(new long[] {2, 3}, 0, 1, 2, 9, 5, 4))
                    .with(node -> node.setAttribute("interleaved", interleaved))
                    .passes();
            OperatorCheck.of("RotaryEmbedding")
                    .opset(23)
                    .floats("x", 2, 3, 4 * 8)
                    .floats("cos", 2, 3, 2)
                    .floats("sin", 2, 3, 2)
                    .with(node -> node.setAttribute("interleaved", interleaved))
                    .with(node -> node.setAttribute("num_heads", 4))
                    .with(node -> node.setAttribute("rotary_embedding_dim", 4))
                    .passes();
        }
    }

    @Test
    void saysWhatIsMissing() {
        OperatorCheck.of("Attention")
                .opset(24)
                .floats("q", 2, 3, 8)
                .floats("k", 2, 3, 8)
                .floats("v", 2, 3, 8)
                .isRefused("has inputs of three dimensions, but no q_num_heads");
    }
}
