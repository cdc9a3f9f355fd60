package dev.fewbit.runtime.data;

import dev.fewbit.runtime.files.TemporaryFolder;

import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Reads {@code .npz}: a zip archive of {@code .npy} arrays named like the model's inputs. */
final class NpzReader {

    private static final String ADVICE = "Write it again with numpy.savez";

    private final Path file;
    private final String name;
    private final ZipFile zip;
    private final List<MappedNpyArray> mapped = new ArrayList<>();
    private final List<TemporaryFolder> unpacked = new ArrayList<>();

    private NpzReader(Path file, ZipFile zip) {
        this.file = file;
        this.name = DataFiles.nameOf(file);
        this.zip = zip;
    }

    /**
     * Opens an archive.
     *
     * @param file the archive
     * @param inputs what the model takes
     */
    static Samples open(Path file, ModelInputs inputs) throws IOException {
        ZipFile zip;
        try {
            zip = new ZipFile(file.toFile());
        } catch (ZipException | EOFException malformed) {
            throw new SampleDataException(
                    file.toString(),
                    "this is not a zip archive, or it is truncated" + NpyHeader.detail(malformed),
                    ADVICE);
        }
        NpzReader reader = new NpzReader(file, zip);
        try {
            return reader.read(inputs);
        } catch (IOException | RuntimeException failure) {
            reader.close();
            throw failure;
        }
    }

    private Samples read(ModelInputs inputs) throws IOException {
        Map<String, NpyArray> columns = new LinkedHashMap<>();
        List<String> others = new ArrayList<>();
        NpyArray labels = null;
        for (ZipEntry entry : zip.stream().toList()) {
            String key =
                    entry.getName().endsWith(".npy")
                            ? entry.getName().substring(0, entry.getName().length() - 4)
                            : entry.getName();
            if (inputs.find(key).isPresent()) {
                columns.put(key, array(key, entry));
            } else if (key.equals("labels") || key.equals("label")) {
                labels = labels(key, entry);
            } else {
                others.add(key);
            }
        }
        if (columns.isEmpty()) {
            throw new SampleDataException(
                    file.toString(),
                    "no array is named like a model input; the model takes "
                            + inputs.describe()
                            + ", the archive has "
                            + (others.isEmpty() ? "nothing" : others),
                    "Name the arrays like the inputs: numpy.savez(file, **{'"
                            + (inputs.names().isEmpty() ? "input" : inputs.names().getFirst())
                            + "': array})");
        }
        Closeable resource = this::close;
        return new ColumnSamples(name, inputs, columns, labels, resource);
    }

    /** Labels serve people only: of a type that cannot be read, they are as good as absent. */
    private @Nullable NpyArray labels(String key, ZipEntry entry) throws IOException {
        try {
            return array(key, entry);
        } catch (SampleDataException unreadable) {
            return null;
        }
    }

    private NpyArray array(String key, ZipEntry entry) throws IOException {
        String where = file + " array '" + key + "'";
        NpyHeader header;
        try (InputStream in = new BufferedInputStream(zip.getInputStream(entry))) {
            header = NpyHeader.read(where, in);
        } catch (ZipException | EOFException corrupt) {
            throw NpyHeader.corrupt(where, corrupt);
        }
        if (entry.getSize() >= 0 && entry.getSize() - header.byteLength() < header.dataBytes()) {
            throw NpyHeader.truncated(where);
        }
        if (!header.columnMajor()) {
            return new ZippedNpyArray(where, zip, entry, header);
        }
        // Rows of a column-major array are scattered over the whole entry: unpack it to a file.
        TemporaryFolder folder = TemporaryFolder.create("fewbit-data");
        unpacked.add(folder);
        Path copy = folder.file("array.npy");
        try (InputStream in = zip.getInputStream(entry)) {
            Files.copy(in, copy);
        } catch (ZipException | EOFException corrupt) {
            throw NpyHeader.corrupt(where, corrupt);
        }
        MappedNpyArray array = new MappedNpyArray(where, copy);
        mapped.add(array);
        return array;
    }

    private void close() throws IOException {
        mapped.forEach(MappedNpyArray::close);
        zip.close();
        for (TemporaryFolder folder : unpacked) {
            folder.close();
        }
    }
}
