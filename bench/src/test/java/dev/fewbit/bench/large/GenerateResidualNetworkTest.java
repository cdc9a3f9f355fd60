package dev.fewbit.bench.large;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.runtime.compare.ComparisonSamples;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.SessionSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

class GenerateResidualNetworkTest {
    @TempDir private Path folder;

    @Test
    void keepsTheSizeOfWhatFlowsThroughIt() throws IOException {
        Path model = folder.resolve("model.onnx");
        Path data = folder.resolve("samples.jsonl");
        GenerateResidualNetwork.main(new String[] {model.toString(), "504", data.toString()});
        assertThat(GenerateResidualNetwork.build(504).graph().nodes()).hasSize(500);
        try (Samples samples = ComparisonSamples.open(model, Optional.of(data), 1, 8);
                ModelSession session = ModelSession.open(model, SessionSettings.withThreads(1))) {
            assertThat(samples.first(8)).hasSize(4);
            for (Sample sample : samples.first(8)) {
                NumberArray output =
                        Objects.requireNonNull(
                                session.run(sample).get(session.outputs().getFirst().name()));
                double squares = 0;
                for (int i = 0; i < output.size(); i++) {
                    squares += output.doubleAt(i) * output.doubleAt(i);
                }
                assertThat(Math.sqrt(squares / output.size())).isBetween(0.1, 10.0);
            }
        }
    }
}
