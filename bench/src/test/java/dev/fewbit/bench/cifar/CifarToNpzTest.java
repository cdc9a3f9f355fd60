package dev.fewbit.bench.cifar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.runtime.data.DataFiles;
import dev.fewbit.runtime.data.Dimension;
import dev.fewbit.runtime.data.InputSpecification;
import dev.fewbit.runtime.data.Label;
import dev.fewbit.runtime.data.ModelInputs;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.NumberType;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.data.Samples;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class CifarToNpzTest {

    private static final ModelInputs INPUTS =
            new ModelInputs(
                    List.of(
                            new InputSpecification(
                                    "input",
                                    NumberType.FLOAT32,
                                    List.of(
                                            new Dimension(Dimension.FREE, "N"),
                                            new Dimension(3, ""),
                                            new Dimension(32, ""),
                                            new Dimension(32, "")))));

    @TempDir Path folder;

    /** Pictures whose samples are all the same, but for the first of each plane. */
    private Path batch(String name, int... labels) throws IOException {
        byte[] bytes = new byte[3073 * labels.length];
        for (int i = 0; i < labels.length; i++) {
            bytes[3073 * i] = (byte) labels[i];
            for (int k = 1; k < 3073; k++) {
                bytes[3073 * i + k] = (byte) (k % 1024 == 1 ? 255 : 51);
            }
        }
        return Files.write(folder.resolve(name), bytes);
    }

    @Test
    void whatIsWrittenIsReadWithItsLabels() throws IOException {
        List<Path> files = List.of(batch("a.bin", 3, 250), batch("b.bin", 7));
        Path target = folder.resolve("cifar.npz");
        assertThat(CifarToNpz.convert(files, target, true, 10)).isEqualTo(3);
        try (Samples samples = DataFiles.open(target, INPUTS)) {
            List<Sample> read = samples.first(9);
            assertThat(read.stream().map(sample -> sample.label().orElseThrow()))
                    .containsExactly(
                            new Label.Classes(List.of(3L)),
                            new Label.Classes(List.of(250L)),
                            new Label.Classes(List.of(7L)));
            NumberArray pixels = read.getLast().inputs().get("input");
            assertThat(pixels.doubleAt(0)).isEqualTo((float) ((1 - 0.485) / 0.229));
            assertThat(pixels.doubleAt(1024)).isEqualTo((float) ((1 - 0.456) / 0.224));
            assertThat(pixels.doubleAt(3071)).isEqualTo((float) ((0.2 - 0.406) / 0.225));
        }
    }

    @Test
    void rawAndFewer() throws IOException {
        Path target = folder.resolve("raw.npz");
        assertThat(CifarToNpz.convert(List.of(batch("a.bin", 1, 2)), target, false, 1))
                .isEqualTo(1);
        try (Samples samples = DataFiles.open(target, INPUTS)) {
            NumberArray pixels = samples.first(9).getFirst().inputs().get("input");
            assertThat(pixels.doubleAt(0)).isEqualTo(255);
            assertThat(pixels.doubleAt(1)).isEqualTo(51);
        }
    }

    @Test
    void aTruncatedFileIsRefused() throws IOException {
        Path cut = Files.write(folder.resolve("cut.bin"), new byte[100]);
        assertThatThrownBy(() -> CifarToNpz.convert(List.of(cut), folder.resolve("x.npz"), true, 1))
                .hasMessageContaining("cut.bin has 100 bytes, not a multiple of 3073");
    }
}
