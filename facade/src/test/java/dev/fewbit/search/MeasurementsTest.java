package dev.fewbit.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.FewbitException;
import dev.fewbit.core.level.LevelTable;
import dev.fewbit.core.plan.Correction.BiasShift;
import dev.fewbit.core.quantize.RoundedWeight;
import dev.fewbit.rounding.RoundableLayer.Rounded;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

class MeasurementsTest {
    @TempDir Path folder;

    @Test
    void whatWasKeptIsThereTheNextTime() throws IOException {
        try (Measurements known = Measurements.open(folder)) {
            known.keep("loss of\ta strange\nname", 0.1 + 0.2);
            known.keep("other", Double.POSITIVE_INFINITY);
        }
        try (Measurements known = Measurements.open(folder)) {
            assertThat(known.figure("loss of\ta strange\nname")).hasValue(0.1 + 0.2);
            assertThat(known.figure("other")).hasValue(Double.POSITIVE_INFINITY);
            assertThat(known.figure("another")).isEmpty();
            assertThat(known.size()).isEqualTo(2);
        }
    }

    @Test
    void aLineThatWasCutOffIsLostAndNoOther() throws IOException {
        try (Measurements known = Measurements.open(folder)) {
            known.keep("first", 1);
        }
        Path file = folder.resolve("measurements.tsv");
        Files.writeString(file, "2.5\tseco", StandardOpenOption.APPEND);
        try (Measurements known = Measurements.open(folder)) {
            assertThat(known.size()).isEqualTo(1);
            known.keep("second", 2);
        }
        try (Measurements known = Measurements.open(folder)) {
            assertThat(known.figure("first")).hasValue(1);
            assertThat(known.figure("second")).hasValue(2);
        }
    }

    @Test
    void oneSearchAtATimeUsesAFolder() throws IOException {
        try (Measurements _ = Measurements.open(folder)) {
            assertThatThrownBy(() -> Measurements.open(folder))
                    .isInstanceOf(FewbitException.class)
                    .hasMessageContaining("another search")
                    .hasMessageContaining(folder.toString());
        }
    }

    @Test
    void roundedWeightsComeBackAsTheyWere() throws IOException {
        RoundedWeight weight =
                new RoundedWeight(
                        new byte[] {0, 1, -3, (byte) 200},
                        new float[] {0.5f, -0.25f},
                        new int[] {7, -8},
                        List.of(LevelTable.of(-2, 0.5f, 1, 7)));
        BiasShift shift = new BiasShift("node/ä", List.of(0.5f, -1f), "why");
        try (Measurements known = Measurements.open(folder)) {
            assertThat(known.weight("w")).isEmpty();
            known.keep("w", new Rounded(weight, Optional.of(shift)));
            known.keep("v", new Rounded(weight, Optional.empty()));
            Rounded read = known.weight("w").orElseThrow();
            assertThat(read.weight().codes()).isEqualTo(weight.codes());
            assertThat(read.weight().scales()).isEqualTo(weight.scales());
            assertThat(read.weight().zeroPoints()).isEqualTo(weight.zeroPoints());
            assertThat(read.weight().tables()).isEqualTo(weight.tables());
            assertThat(read.shift()).contains(shift);
            assertThat(known.weight("v").orElseThrow().shift()).isEmpty();
        }
    }
}
