package dev.fewbit.runtime.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.runtime.TestModels;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Set;

class RunTimesTest {

    private static final String RUN =
            "{\"cat\":\"Session\",\"dur\":9,\"name\":\"model_run\",\"args\":{}},";
    private static final String END = "{\"cat\":\"Session\",\"dur\":9,\"name\":\"end\"}";

    private static String kernel(String name, String operator, int microseconds) {
        return """
        {"cat":"Node","dur":%d,"name":"%s_kernel_time","args":{"op_name":"%s","node_index":"1"}},
        """
                .formatted(microseconds, name, operator);
    }

    /** Two samples of one warm-up and three runs. */
    @Test
    void meansOfTheFasterHalfAreAveragedOverTheSamples() throws IOException {
        StringBuilder profile = new StringBuilder("[");
        for (int time : new int[] {999, 10, 70, 14, 888, 5, 1, 3}) {
            profile.append(kernel("Mul_of_a", "Mul", time)).append(RUN);
        }
        List<KernelLatency> kernels = kernels(profile + END + "]", 2, 3);
        assertThat(kernels).hasSize(1);
        assertThat(kernels.getFirst().node()).isEqualTo("Mul_of_a");
        assertThat(kernels.getFirst().seconds()).isEqualTo((12 + 2) / 2.0 / 1e6);
    }

    @Test
    void whatRunsInALoopCountsOnceAndTheLoopNot() throws IOException {
        String run =
                kernel("Mul_of_a", "Mul", 3)
                        + kernel("Mul_of_a", "Mul", 4)
                        + kernel("loop", "Loop", 9)
                        + RUN;
        List<KernelLatency> kernels = kernels("[" + run + run + END + "]", 1, 1);
        assertThat(kernels).hasSize(1);
        assertThat(kernels.getFirst().seconds()).isEqualTo(7e-6);
    }

    @Test
    void aFullProfileGivesWhatItHolds() throws IOException {
        String run = kernel("Mul_of_a", "Mul", 6) + RUN;
        assertThat(kernels("[" + run + run + END + "]", 3, 5).getFirst().seconds()).isEqualTo(6e-6);
        assertThat(kernels("[" + run + END + "]", 3, 5).getFirst().seconds()).isZero();
    }

    private static List<KernelLatency> kernels(String profile, int samples, int runs)
            throws IOException {
        RunTimes times = new RunTimes(samples, runs);
        ProfileEvent.readAll(new StringReader(profile), times);
        return times.kernels(graph());
    }

    /** d = Relu(b + Conv_of_c(Relu(b))) with b = Conv_of_b(Mul_of_a(x, x)). */
    private static Graph graph() {
        Graph graph = new Graph("graph");
        Value x = TestModels.value("x", ElementType.FLOAT, 1, 8, 8, 8);
        graph.addInput(x);
        Value a = TestModels.node(graph, "Mul", "a", x, x);
        Value b = TestModels.node(graph, "Conv", "b", a, x);
        Value bent = TestModels.node(graph, "Relu", "bent", b);
        Value c = TestModels.node(graph, "Conv", "c", bent, x);
        Value sum = TestModels.node(graph, "Add", "sum", b, c);
        graph.addOutput(TestModels.node(graph, "Relu", "d", sum));
        return graph;
    }

    @Test
    void kernelsAreFoundByTheNamesThatTheRuntimeGivesThem() {
        KernelNames names = new KernelNames(graph(), Set.of("Mul_of_a", "b_nchwc", "d_nchwc"));
        assertThat(names.node("Mul_of_a", "Mul")).isEqualTo("Mul_of_a");
        assertThat(names.node("Mul_of_a_token_12", "Mul")).isEqualTo("Mul_of_a");
        assertThat(names.node("Mul_of_a/MulFusion/", "FusedMul")).isEqualTo("Mul_of_a");
        assertThat(names.node("b_nchwc", "Conv")).isEqualTo("Conv_of_b");
        // The sum and the activation were taken in by the later one of the two convolutions.
        assertThat(names.node("d_nchwc", "Conv")).isEqualTo("Conv_of_c");
        assertThat(names.node("Transpose_token_3", "Transpose")).isEmpty();
        assertThat(names.node("", "Gelu")).isEmpty();
    }
}
