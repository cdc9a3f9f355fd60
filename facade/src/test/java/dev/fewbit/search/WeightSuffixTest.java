package dev.fewbit.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.Activations;
import dev.fewbit.Fewbit;
import dev.fewbit.NetworkKind;
import dev.fewbit.Recipe;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.quantize.RoundedWeights;
import dev.fewbit.rounding.RoundingData;
import dev.fewbit.rounding.RoundingNet;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.NumberType;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.files.TemporaryFolder;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.SessionSettings;
import dev.fewbit.tuning.PreparedModel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The two parts of a network in turn make what the whole network makes. */
class WeightSuffixTest {
    /** The runtime may add in another order in a part than in the whole. */
    private static final double ROUNDING = 1e-5;

    @TempDir Path folder;

    @Test
    void convolutions() throws IOException {
        partsMakeWhatTheWholeMakes(
                RoundingNet.convolutions(folder.resolve("net.onnx")),
                NetworkKind.CONVOLUTIONS,
                RoundingData.samples(1, 3, 1, 8, 10, 10).getFirst());
    }

    @Test
    void products() throws IOException {
        partsMakeWhatTheWholeMakes(
                RoundingNet.products(folder.resolve("net.onnx")),
                NetworkKind.PRODUCTS,
                RoundingData.samples(1, 3, 1, 6, 64).getFirst());
    }

    private static void partsMakeWhatTheWholeMakes(Path file, NetworkKind kind, Sample sample)
            throws IOException {
        Recipe recipe =
                kind == NetworkKind.PRODUCTS
                        ? Recipe.INT8_DYNAMIC
                        : Recipe.INT4
                                .forNetwork(kind)
                                .withActivations(Activations.FLOAT)
                                .withoutData();
        Plan plan = Fewbit.plan(file, recipe);
        assertThat(plan.weights()).hasSizeGreaterThan(5);
        try (TemporaryFolder temporary = TemporaryFolder.create("fewbit-test")) {
            PreparedModel prepared = PreparedModel.of(file, List.of(), temporary, 1);
            for (WeightPlan weight : plan.weights()) {
                WeightPlan option = new FormatOption(weight.tensor(), weight).apart();
                NumberArray whole = run(prepared, option, sample, false);
                NumberArray parts = run(prepared, option, sample, true);
                assertThat(parts.size()).isEqualTo(whole.size());
                for (int i = 0; i < whole.size(); i++) {
                    assertThat(parts.doubleAt(i))
                            .as(weight.tensor())
                            .isCloseTo(whole.doubleAt(i), within(ROUNDING));
                }
            }
        }
    }

    private static NumberArray run(
            PreparedModel prepared, WeightPlan option, Sample sample, boolean cuts)
            throws IOException {
        WeightSuffix suffix = new WeightSuffix(prepared, List.of(), option.tensor(), cuts);
        Map<String, NumberArray> inputs = new LinkedHashMap<>(sample.inputs());
        Optional<Path> prefix = suffix.prefix();
        if (prefix.isPresent()) {
            assertThat(cuts).isTrue();
            inputs.putAll(run(prefix.get(), sample));
            assertThat(inputs.keySet()).containsAll(suffix.cutNames());
        }
        Map<String, NumberType> types = new HashMap<>();
        inputs.forEach((name, array) -> types.put(name, array.type()));
        assertThat(WeightSuffix.canFeed(suffix.cutNames(), types)).isTrue();
        return run(
                        suffix.suffix(option, RoundedWeights.NONE, null, types),
                        new Sample(0, inputs, Optional.empty()))
                .values()
                .iterator()
                .next();
    }

    private static Map<String, NumberArray> run(Path model, Sample sample) {
        try (ModelSession session = ModelSession.open(model, SessionSettings.withThreads(1))) {
            return session.run(sample);
        }
    }
}
