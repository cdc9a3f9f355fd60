package dev.fewbit.onnx.opset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.opset.Oracle.Array;

import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * ONNX Runtime delivers the same bits before and after raising, at every opset there is to raise
 * to. The runtime checks attributes and inputs against the schema of the stated opset, so it is the
 * judge of validity too.
 */
class RaisedModelsComputeTheSameTest {

    static Stream<RaisingCase> adapterCases() {
        return Stream.of(
                        AxesCases.all(),
                        BoundsCases.all(),
                        ResizingCases.all(),
                        NormalizationCases.all(),
                        SignalCases.all())
                .flatMap(List::stream);
    }

    static Stream<RaisingCase> compatibleCases() {
        return CompatibleCases.all().stream();
    }

    @ParameterizedTest
    @MethodSource("adapterCases")
    void nodesThatNeedAnAdapter(RaisingCase raisingCase) throws Exception {
        check(raisingCase);
    }

    @ParameterizedTest
    @MethodSource("compatibleCases")
    void nodesThatAreCompatibleAsTheyStand(RaisingCase raisingCase) throws Exception {
        check(raisingCase);
    }

    private static void check(RaisingCase raisingCase) throws Exception {
        byte[] original = OnnxWriter.toBytes(raisingCase.model());
        List<Map<String, Array>> expected = new ArrayList<>();
        for (Map<String, Array> feed : raisingCase.feeds()) {
            expected.add(Oracle.run(original, feed));
        }
        for (int target = raisingCase.opset() + 1; target <= raisingCase.last(); target++) {
            Model model = raisingCase.model();
            OpsetRaiser.raise(model, target);
            model.graph().verify();
            assertThat(model.opset("")).hasValue(target);
            byte[] raised = OnnxWriter.toBytes(model);
            for (int i = 0; i < expected.size(); i++) {
                String description = raisingCase + " raised to " + target;
                Map<String, Array> outputs = Oracle.run(raised, raisingCase.feeds().get(i));
                requireSame(description, outputs, expected.get(i), raisingCase.tolerance());
            }
        }
        if (raisingCase.last() < OpsetRaiser.MAXIMUM) {
            assertThat(OpsetRaiser.obstacles(raisingCase.model(), raisingCase.last() + 1))
                    .singleElement()
                    .asString()
                    .contains("ONNX Runtime", "up to opset " + raisingCase.last());
        }
    }

    private static void requireSame(
            String description,
            Map<String, Array> outputs,
            Map<String, Array> expected,
            double tolerance) {
        if (tolerance == 0) {
            assertThat(outputs).as(description).isEqualTo(expected);
            return;
        }
        assertThat(outputs.keySet()).isEqualTo(expected.keySet());
        outputs.forEach(
                (name, output) -> {
                    Array wanted = expected.get(name);
                    assertThat(output.shape()).as(description).isEqualTo(wanted.shape());
                    assertThat(output.floats())
                            .as(description)
                            .containsExactly(wanted.floats(), Offset.offset((float) tolerance));
                });
    }
}
