package dev.fewbit.runtime.data;

import static dev.fewbit.runtime.data.Fixtures.input;
import static dev.fewbit.runtime.data.Fixtures.inputs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import javax.imageio.ImageIO;

class PictureSamplesTest {

    private static final ModelInputs MODEL = inputs(input("x", NumberType.FLOAT32, -1, 3, 2, 2));
    private static final String PLAIN = "resize: none\nscale: 1\n";

    @TempDir private Path folder;

    /** All pixels alike. */
    private static byte[] picture(int width, int height, int rgb) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, rgb);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }

    private Path write(String name, byte[] bytes) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes);
    }

    private Path text(String name, String text) throws IOException {
        return write(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private Path pictures() throws IOException {
        write("data/b.png", picture(2, 2, 0x020000));
        write("data/a.png", picture(2, 2, 0x010000));
        write("data/.hidden.png", picture(2, 2, 0x630000));
        write("data/more/c.png", picture(2, 2, 0x030000));
        return folder.resolve("data");
    }

    /** The first value of each sample, which is the red of its picture. */
    private static List<Double> reds(Samples samples) throws IOException {
        return samples.first(99).stream().map(s -> s.inputs().get("x").doubleAt(0)).toList();
    }

    @Test
    void withoutLabelsPicturesComeByName() throws IOException {
        Path data = pictures();
        text("data/data.yaml", PLAIN);
        try (Samples samples = DataFiles.open(data, MODEL)) {
            assertThat(samples.count()).hasValue(3);
            assertThat(reds(samples)).containsExactly(1.0, 2.0, 3.0);
            assertThat(reds(samples)).containsExactly(1.0, 2.0, 3.0);
            assertThat(samples.first(1).getFirst().inputs().get("x").shape())
                    .containsExactly(1, 3, 2, 2);
            assertThat(samples.first(1).getFirst().label()).isEmpty();
        }
    }

    @Test
    void theListOfLabelsSaysTheOrder() throws IOException {
        Path data = pictures();
        text("data/labels.tsv", "file\tname\tclass\nmore/c.png\tc\t7\na.png\ta\t5\r\n\n");
        text(
                "data/data.yaml",
                PLAIN
                        + "task: classification\n"
                        + "labels: labels.tsv\n"
                        + "label-column: 3\n"
                        + "label-offset: -1\n");
        try (Samples samples = DataFiles.open(data, MODEL)) {
            assertThat(reds(samples)).containsExactly(3.0, 1.0);
            assertThat(samples.first(2).stream().map(s -> s.label().orElseThrow()))
                    .containsExactly(
                            new Label.Classes(List.of(6L)), new Label.Classes(List.of(4L)));
            assertThat(samples.task()).contains(new TaskSettings.Classification());
            assertThat(samples.warnings())
                    .singleElement()
                    .asString()
                    .contains("1 picture has no label");
        }
    }

    @Test
    void anArchiveWithItsDescriptionBeside() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("set/test/2.png", picture(2, 2, 0x020000));
        entries.put("set/test/1.png", picture(2, 2, 0x010000));
        entries.put("set/train/1.png", picture(2, 2, 0x090000));
        entries.put(
                "set/labels.csv",
                "test/2.png,\"a,b\"\ntest/1.png,c\ntrain/1.png,d\n"
                        .getBytes(StandardCharsets.UTF_8));
        Path zip = folder.resolve("words.zip");
        try (OutputStream out = Files.newOutputStream(zip);
                ZipOutputStream archive = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                archive.putNextEntry(new ZipEntry(entry.getKey()));
                archive.write(entry.getValue());
            }
        }
        String yaml =
                PLAIN
                        + "folder: set/test/\n"
                        + "task: ctc\n"
                        + "labels: labels.csv\n"
                        + "dictionary: letters.txt\n"
                        + "blank: 2\n"
                        + "ignore-case: true\n";
        text("words.yaml", yaml);
        text("letters.txt", "a\nb\n");
        text("other.yaml", "images: words.zip\n" + yaml);
        for (Path path : List.of(zip, folder.resolve("other.yaml"))) {
            try (Samples samples = DataFiles.open(path, MODEL)) {
                assertThat(reds(samples)).containsExactly(2.0, 1.0);
                assertThat(samples.first(1).getFirst().label())
                        .contains(new Label.Texts(List.of("a,b")));
                assertThat(samples.task())
                        .contains(
                                new TaskSettings.Ctc(
                                        Optional.of(List.of("a", "b")), 2, true, false));
                assertThat(samples.description()).isEqualTo("words.zip (set/test)");
            }
        }
    }

    @Test
    void foldersAreClasses() throws IOException {
        write("data/train/dog/1.png", picture(2, 2, 0x010000));
        write("data/train/cat/1.png", picture(2, 2, 0x020000));
        text("data.yaml", PLAIN + "folder: train\ntask: classification\nlabels: folders\n");
        try (Samples samples = DataFiles.open(folder.resolve("data"), MODEL)) {
            assertThat(reds(samples)).containsExactly(2.0, 1.0);
            assertThat(samples.first(2).stream().map(s -> s.label().orElseThrow()))
                    .containsExactly(
                            new Label.Classes(List.of(0L)), new Label.Classes(List.of(1L)));
        }
    }

    @Test
    void fixedBatchesAreFilled() throws IOException {
        Path data = pictures();
        text("data/labels.tsv", "a.png\t1\nb.png\t2\nmore/c.png\t3\n");
        text("data/data.yaml", PLAIN + "task: classification\nlabels: labels.tsv\n");
        ModelInputs pairs = inputs(input("x", NumberType.FLOAT32, 2, 3, 2, 2));
        try (Samples samples = DataFiles.open(data, pairs)) {
            List<Sample> read = samples.first(9);
            assertThat(read).hasSize(1);
            assertThat(read.getFirst().label()).contains(new Label.Classes(List.of(1L, 2L)));
            NumberArray x = read.getFirst().inputs().get("x");
            assertThat(x.shape()).containsExactly(2, 3, 2, 2);
            assertThat(x.doubleAt(0)).isEqualTo(1);
            assertThat(x.doubleAt(12)).isEqualTo(2);
            assertThat(samples.warnings()).anyMatch(w -> w.contains("do not fill a batch of 2"));
        }
        ModelInputs many = inputs(input("x", NumberType.FLOAT32, 8, 3, 2, 2));
        assertThatThrownBy(() -> DataFiles.open(data, many))
                .hasMessageContaining("batches of 8, there are only 3");
    }

    @Test
    void layoutAndSizeAreThoseOfTheModel() throws IOException {
        write("data/a.png", picture(5, 7, 0x0a0b0c));
        text("data/data.yaml", "channels: bgr\nscale: 1/2\nmean: [1, 2, 3]\nstd: 2\n");
        ModelInputs last = inputs(input("x", NumberType.FLOAT32, 1, 2, 4, 3));
        try (Samples samples = DataFiles.open(folder.resolve("data"), last)) {
            NumberArray x = samples.first(1).getFirst().inputs().get("x");
            assertThat(x.shape()).containsExactly(1, 2, 4, 3);
            assertThat(Fixtures.values(x)).startsWith(2.5, 1.75, 1, 2.5, 1.75, 1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "heigth: 224; data.yaml line 1: there is no field 'heigth' here; known are images",
                "scale: 1/0; 'scale' takes numbers such as 0.5 or 1/255, got '1/0'",
                "scale: big; 'scale' takes numbers",
                "mean: [1, 2]; 'mean' takes one number for each of the 3 channels, got 2",
                "std: [1, 0, 1]; 'std' must not be 0",
                "layout: chw; 'layout' takes one of nchw, nhwc, got 'chw'",
                "channels: rgba; 'channels' takes one of bgr, gray, rgb, got 'rgba'",
                "resize: shortest; 'resize' takes exact, none or shortest N",
                "height: 0; 'height' takes 1 or more, got 0",
                "height: tall; 'height' takes a whole number, got 'tall'",
                "task: classification; the task needs labels",
                "input: y; the model has no input 'y'; it takes x float32",
                "labels: missing.tsv; there is no such file, though data.yaml names it",
                "folder: nowhere; there are no pictures",
                "scale: 1|scale: 2; field 'scale' is there twice",
                "- a; expected fields such as",
                "a: [; this is not YAML",
                "crop: left; 'crop' takes one of center, none",
                "task: regression; 'task' takes one of classification, ctc, none",
                "images: other; this describes 'other'",
            })
    void badDescriptionsAreRefused(String yaml, String words) throws IOException {
        Path data = pictures();
        text("data/data.yaml", yaml.replace('|', '\n') + "\n");
        assertThatThrownBy(() -> DataFiles.open(data, MODEL))
                .isInstanceOf(SampleDataException.class)
                .hasMessageContaining(words.strip());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "d.png 1; labels.tsv line 2: there is no picture 'd.png'",
                "b.png; labels.tsv line 2: the label is expected in column 2, the line has 1",
                "b.png one; labels.tsv line 2: a class number is expected, got 'one'",
            })
    void badLabelsAreRefused(String line, String words) throws IOException {
        Path data = pictures();
        text("data/labels.tsv", "a.png\t1\n" + line.replace(' ', '\t') + "\n");
        text("data/data.yaml", PLAIN + "task: classification\nlabels: labels.tsv\n");
        assertThatThrownBy(() -> DataFiles.open(data, MODEL))
                .isInstanceOf(SampleDataException.class)
                .hasMessageContaining(words);
    }

    @Test
    void badPicturesAndModelsAreRefused() throws IOException {
        Path data = pictures();
        assertThatThrownBy(() -> DataFiles.open(data, MODEL))
                .hasMessageContaining("no data.yaml inside or beside");
        text("data/data.yaml", PLAIN);
        ModelInputs tokens = inputs(input("ids", NumberType.INT64, -1, -1));
        assertThatThrownBy(() -> DataFiles.open(data, tokens))
                .hasMessageContaining("the model has 0 inputs that could take pictures");
        ModelInputs large = inputs(input("x", NumberType.FLOAT32, -1, 3, 4, 4));
        try (Samples samples = DataFiles.open(data, large)) {
            assertThatThrownBy(() -> samples.first(1))
                    .hasMessageContaining("a.png: the picture is 2 x 2, the model takes 4 x 4");
        }
        write("data/b.png", new byte[] {1, 2, 3});
        try (Samples samples = DataFiles.open(data, MODEL)) {
            assertThat(samples.first(1)).hasSize(1);
            assertThatThrownBy(() -> samples.first(2))
                    .isInstanceOf(SampleDataException.class)
                    .hasMessageContaining("b.png: this is no JPEG, PNG or BMP picture");
        }
        Path zip = write("bad.zip", new byte[] {80, 75, 3, 4, 0});
        assertThatThrownBy(() -> DataFiles.open(zip, MODEL))
                .hasMessageContaining("neither a folder nor a zip archive");
    }
}
