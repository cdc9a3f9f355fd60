package dev.fewbit.runtime.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.core.findings.Comparison.Kernel;
import dev.fewbit.runtime.json.JsonSyntaxException;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.StringReader;

class KernelProfileTest {

    private static String node(String name, int index, String operator, int duration) {
        return """
        {"cat":"Node","pid":1,"dur":%d,"ts":7,"name":"%s_kernel_time","args":
        {"op_name":"%s","node_index":"%d","input_type_shape":[{"float":[1,2]},{}]}},
        """
                .formatted(duration, name, operator, index);
    }

    private static final String RUN =
            "{\"cat\":\"Session\",\"dur\":9,\"name\":\"model_run\",\"args\":{}},";
    private static final String LAST = "{\"cat\":\"Session\",\"dur\":9,\"name\":\"end\"}";

    @Test
    void countsNodesAndSharesTimeWithoutTheWarmUp() throws IOException {
        String warmUp = node("a", 0, "MatMul", 100000) + node("b", 1, "Add", 50000) + RUN;
        String run =
                node("a", 0, "MatMul", 20)
                        + node("", 2, "MatMul", 10)
                        + node("", 3, "MatMul", 0)
                        + node("b", 1, "Add", 10)
                        + RUN;
        String profile = "[" + warmUp + run + run + LAST + "]";
        assertThat(KernelProfile.parse(new StringReader(profile)))
                .containsExactly(new Kernel("MatMul", 3, 0.75), new Kernel("Add", 1, 0.25));
    }

    @Test
    void aProfileWithoutNodesHasNoKernels() throws IOException {
        assertThat(KernelProfile.parse(new StringReader("[" + LAST + "]"))).isEmpty();
    }

    @Test
    void aTruncatedProfileIsRefused() {
        String profile = "[" + node("a", 0, "MatMul", 1);
        assertThatThrownBy(() -> KernelProfile.parse(new StringReader(profile)))
                .isInstanceOf(JsonSyntaxException.class);
    }
}
