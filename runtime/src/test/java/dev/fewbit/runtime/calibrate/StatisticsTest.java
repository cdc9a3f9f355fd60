package dev.fewbit.runtime.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.core.plan.Preparation;
import dev.fewbit.core.statistics.ChannelDetail;
import dev.fewbit.core.statistics.TensorStatistics;
import dev.fewbit.runtime.TestModels;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class StatisticsTest {

    private static final String HASH = "0123456789abcdef".repeat(4);

    private static final List<Observation> WANTED =
            List.of(
                    Observation.ofTensor("x"),
                    Observation.ofChannels("product", 1),
                    new Observation("hidden", ChannelDetail.HISTOGRAMS, -1));

    @TempDir private Path folder;

    static TensorStatistics of(ChannelDetail detail, int channels, float... values) {
        TensorStatistics statistics = new TensorStatistics(detail);
        if (detail == ChannelDetail.NONE) {
            statistics.add(values, 0, values.length);
        } else {
            statistics.addChannels(values, 0, values.length / channels, channels, 1);
        }
        return statistics;
    }

    private static Statistics statistics(Map<String, TensorStatistics> values) {
        return new Statistics(HASH, List.of(Preparation.FOLD_CONSTANTS), 1, values, List.of());
    }

    @Test
    void partsMergeToTheVeryBytesOfTheWholeInAnyOrder() throws Exception {
        Path model = TestModels.perceptron(folder.resolve("m.onnx"), 0);
        ListedSamples samples = ListedSamples.rows(TestModels.INPUTS, 4, 1, 30, 2, 2, 500, 1, 7);
        CalibrationOptions options = CalibrationOptions.defaults().withThreads(2);
        Path whole = folder.resolve("whole");
        StatisticsFile.write(whole, Calibration.run(model, WANTED, samples, options));
        Statistics first = Calibration.run(model, WANTED, samples.part(0, 3), options);
        Statistics second = Calibration.run(model, WANTED, samples.part(3, 4), options);
        Statistics third = Calibration.run(model, WANTED, samples.part(4, 7), options);
        Path merged = folder.resolve("merged");
        for (Statistics sum :
                List.of(
                        first.merge(second).merge(third),
                        third.merge(first.merge(second)),
                        second.merge(third).merge(first))) {
            StatisticsFile.write(merged, sum);
            assertThat(Files.readAllBytes(merged)).isEqualTo(Files.readAllBytes(whole));
        }
    }

    @Test
    void mergingLeavesBothAsTheyAre() throws CalibrationException {
        Statistics one = statistics(Map.of("a", of(ChannelDetail.NONE, 1, 1, 2)));
        Statistics other = statistics(Map.of("a", of(ChannelDetail.NONE, 1, 5)));
        Statistics both = one.merge(other);
        assertThat(both.find("a").orElseThrow().count()).isEqualTo(3);
        assertThat(one.find("a").orElseThrow().count()).isEqualTo(2);
        assertThat(other.find("a").orElseThrow().count()).isEqualTo(1);
        assertThat(both.samples()).isEqualTo(2);
    }

    @Test
    void saysAllThatKeepsFromMerging() {
        Statistics one =
                statistics(
                        Map.of(
                                "a", of(ChannelDetail.NONE, 1, 1),
                                "b", of(ChannelDetail.NONE, 1, 1)));
        Statistics other =
                statistics(
                                Map.of(
                                        "b", of(ChannelDetail.NONE, 1, 1),
                                        "c", of(ChannelDetail.NONE, 1, 1)))
                        .describing("f".repeat(64), List.of());
        assertThatThrownBy(() -> one.merge(other))
                .isInstanceOf(CalibrationException.class)
                .hasMessageContaining("SHA-256 are " + HASH + " and ffff")
                .hasMessageContaining("prepared by [fold-constants] and []")
                .hasMessageContaining("the second ones lack 1 values: a;")
                .hasMessageContaining("the first ones lack 1 values: c");
    }

    @Test
    void refusesToMergeOtherChannels() {
        Statistics two = statistics(Map.of("a", of(ChannelDetail.RANGES, 2, 1, 2)));
        Statistics three = statistics(Map.of("a", of(ChannelDetail.RANGES, 3, 1, 2, 3)));
        Statistics none = statistics(Map.of("a", of(ChannelDetail.NONE, 1, 1)));
        for (Statistics other : List.of(three, none)) {
            assertThatThrownBy(() -> two.merge(other))
                    .isInstanceOf(CalibrationException.class)
                    .hasMessageContaining("value 'a' cannot be merged");
        }
    }

    @Test
    void replacesAndAdds() {
        Statistics before = statistics(Map.of("a", of(ChannelDetail.NONE, 1, 1)));
        Statistics after =
                before.withReplaced(
                        Map.of(
                                "a", of(ChannelDetail.NONE, 1, 7),
                                "b", of(ChannelDetail.NONE, 1, 8)));
        assertThat(after.find("a").orElseThrow().maximum()).isEqualTo(7);
        assertThat(after.find("b").orElseThrow().maximum()).isEqualTo(8);
        assertThat(before.find("a").orElseThrow().maximum()).isEqualTo(1);
        assertThat(before.find("b")).isEmpty();
    }

    @Test
    void refusesWhatIsNoHash() {
        assertThatThrownBy(() -> new Statistics("ABC", List.of(), 0, Map.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("64 hexadecimal digits");
    }
}
