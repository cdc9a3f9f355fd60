package dev.fewbit.runtime.data;

import static dev.fewbit.runtime.data.Fixtures.input;
import static dev.fewbit.runtime.data.Fixtures.inputs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

class NpyTest {

    private static final ModelInputs FLOATS = inputs(input("x", NumberType.FLOAT32, -1, 2, 3));

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "le_i1", "le_u1", "le_i2", "be_i2", "le_u2", "le_i4", "be_i4", "le_u4", "le_i8",
                "be_i8", "le_u8", "le_f2", "be_f2", "le_f4", "be_f4", "le_f8", "be_f8", "version1",
                "version2", "version3", "column_major"
            })
    void readsEveryTypeOrderAndVersionThatNumpyWrites(String name) throws IOException {
        try (Samples samples = DataFiles.open(Fixtures.file(name + ".npy"), FLOATS)) {
            assertThat(samples.count()).hasValue(4);
            List<Sample> read = samples.first(10);
            assertThat(read).hasSize(4);
            for (int row = 0; row < 4; row++) {
                NumberArray x = read.get(row).inputs().get("x");
                assertThat(x.type()).isEqualTo(NumberType.FLOAT32);
                assertThat(x.shape()).containsExactly(1, 2, 3);
                assertThat(Fixtures.values(x)).containsExactly(Fixtures.ramp(row));
            }
        }
    }

    @Test
    void readsBooleans() throws IOException {
        ModelInputs inputs = inputs(input("flags", NumberType.BOOL, -1, 2, 3));
        try (Samples samples = DataFiles.open(Fixtures.file("bool.npy"), inputs)) {
            assertThat(Fixtures.values(samples.first(1).getFirst().inputs().get("flags")))
                    .containsExactly(0, 1, 0, 1, 0, 1);
        }
    }

    @Test
    void canBeGoneThroughTwiceAndStopped() throws IOException {
        try (Samples samples = DataFiles.open(Fixtures.file("le_f4.npy"), FLOATS)) {
            int[] seen = new int[1];
            samples.visit(sample -> ++seen[0] < 2);
            assertThat(seen[0]).isEqualTo(2);
            assertThat(samples.first(4).getLast().index()).isEqualTo(3);
            assertThat(samples.first(4).getFirst().index()).isEqualTo(0);
        }
    }

    @Test
    void aFixedBatchTakesSeveralRows() throws IOException {
        ModelInputs batches = inputs(input("x", NumberType.FLOAT32, 3, 2, 3));
        try (Samples samples = DataFiles.open(Fixtures.file("le_f4.npy"), batches)) {
            assertThat(samples.count()).hasValue(1);
            NumberArray x = samples.first(4).getFirst().inputs().get("x");
            assertThat(x.shape()).containsExactly(3, 2, 3);
            assertThat(x.doubleAt(17)).isEqualTo(17);
            assertThat(samples.warnings()).singleElement().asString().contains("last 1 rows");
        }
    }

    @Test
    void aRowMayHaveTheBatchAxisAlready() throws IOException {
        ModelInputs matrix = inputs(input("x", NumberType.FLOAT32, 2, -1));
        try (Samples samples = DataFiles.open(Fixtures.file("le_f4.npy"), matrix)) {
            assertThat(samples.first(1).getFirst().inputs().get("x").shape()).containsExactly(2, 3);
        }
    }

    @Test
    void theOneInputThatCannotBeDerivedIsMeant() throws IOException {
        ModelInputs tokens =
                inputs(
                        input("attention_mask", NumberType.INT64, -1, -1, 3),
                        input("input_ids", NumberType.INT64, -1, -1, 3));
        try (Samples samples = DataFiles.open(Fixtures.file("le_i4.npy"), tokens)) {
            Sample sample = samples.first(1).getFirst();
            assertThat(sample.inputs().keySet()).containsExactly("attention_mask", "input_ids");
            assertThat(Fixtures.values(sample.inputs().get("attention_mask")))
                    .containsOnly(1)
                    .hasSize(6);
        }
    }

    /** A file of 4 GB, all of it a hole: far more than the heap of the tests. */
    @Test
    void readsFilesLargerThanTheHeapRowByRow() throws IOException {
        Path file = folder.resolve("large.npy");
        byte[] header = Files.readAllBytes(Fixtures.file("le_f4.npy"));
        String text =
                new String(header, 0, 128, StandardCharsets.ISO_8859_1)
                        .replace("(4, 2, 3), }        ", "(1000000, 2, 512), }");
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.setLength(128 + 1_000_000L * 2 * 512 * 4);
        }
        ModelInputs wide = inputs(input("x", NumberType.FLOAT32, -1, 2, 512));
        try (Samples samples = DataFiles.open(file, wide)) {
            assertThat(samples.count()).hasValue(1_000_000);
            int[] seen = new int[1];
            samples.visit(sample -> ++seen[0] < 1000);
            assertThat(seen[0]).isEqualTo(1000);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "objects.npy, element type",
        "complex.npy, element type <c8",
        "text.npy, element type <U1",
        "scalar.npy, is a scalar",
        "no_rows.npy, no rows",
        "make_fixtures.py, suffix",
    })
    void refusesWhatIsNoArrayOfSamples(String name, String words) {
        Path file = Fixtures.file(name);
        assertThatThrownBy(() -> DataFiles.open(file, FLOATS))
                .isInstanceOf(SampleDataException.class)
                .hasMessageContaining(words)
                .hasMessageContaining(name);
    }

    @Test
    void refusesAnotherShapeAndSaysWhich() throws IOException {
        ModelInputs other = inputs(input("x", NumberType.FLOAT32, -1, 2, 4));
        try (Samples samples = DataFiles.open(Fixtures.file("le_f4.npy"), other)) {
            assertThatThrownBy(() -> samples.first(1))
                    .isInstanceOf(SampleDataException.class)
                    .hasMessageContaining("float32[free, 2, 4]")
                    .hasMessageContaining("got float32[2, 3]")
                    .hasMessageContaining("sample 0");
        }
    }

    @Test
    void refusesSeveralInputs() {
        ModelInputs two =
                inputs(
                        input("a", NumberType.FLOAT32, -1, 2, 3),
                        input("b", NumberType.FLOAT32, -1, 2, 3));
        assertThatThrownBy(() -> DataFiles.open(Fixtures.file("le_f4.npy"), two))
                .isInstanceOf(SampleDataException.class)
                .hasMessageContaining(".npz");
    }

    @Test
    void refusesEveryTruncation() throws IOException {
        byte[] whole = Files.readAllBytes(Fixtures.file("le_f4.npy"));
        for (int length = 1; length < whole.length; length += 7) {
            Path file = folder.resolve("cut" + length + ".npy");
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> DataFiles.open(file, FLOATS))
                    .isInstanceOf(SampleDataException.class)
                    .hasMessageContaining(file.toString());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{'descr': '<f4', 'fortran_order': False, 'shape': (4000000000, 4000000000), };"
                        + "too large",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), };"
                        + "malformed",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000, 2, 3), }; ends before",
                "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1, 2), }; malformed",
                "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1, 2), };"
                        + "element type",
            })
    void refusesHostileHeaders(String header, String words) throws IOException {
        byte[] text = header.strip().getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[10 + text.length + 24];
        System.arraycopy(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}, 0, bytes, 0, 8);
        bytes[8] = (byte) text.length;
        System.arraycopy(text, 0, bytes, 10, text.length);
        Path file = Files.write(folder.resolve("hostile.npy"), bytes);
        assertThatThrownBy(() -> DataFiles.open(file, FLOATS))
                .isInstanceOf(SampleDataException.class)
                .hasMessageContaining(words);
    }

    @Test
    void refusesMissingEmptyAndFolder() throws IOException {
        assertThatThrownBy(() -> DataFiles.open(folder.resolve("none.npy"), FLOATS))
                .hasMessageContaining("no such file");
        assertThatThrownBy(() -> DataFiles.open(folder, FLOATS)).hasMessageContaining("folder");
        Path empty = Files.createFile(folder.resolve("empty.npy"));
        assertThatThrownBy(() -> DataFiles.open(empty, FLOATS)).hasMessageContaining("empty");
    }
}
