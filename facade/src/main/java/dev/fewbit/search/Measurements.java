package dev.fewbit.search;

import dev.fewbit.FewbitException;
import dev.fewbit.rounding.RoundableLayer.Rounded;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a search has found out so far, in a folder: figures in a file of lines {@code value <tab>
 * key} that only grows, rounded weights in a file each. A figure is in the file before it is used,
 * so whatever ends the process loses the one that is being measured at most. A line that was cut
 * off is passed over. One search at a time uses a folder.
 */
public final class Measurements implements Closeable {
    private static final String FIGURES = "measurements.tsv";

    private final Path folder;
    private final FileChannel channel;
    private final FileLock lock;
    private final Map<String, String> figures = new HashMap<>();

    private Measurements(Path folder, FileChannel channel, FileLock lock) {
        this.folder = folder;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Opens a folder; it is made if there is none.
     *
     * @throws FewbitException if another search uses it
     * @throws IOException if it cannot be made, read or written
     */
    public static Measurements open(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(FIGURES);
        FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        try {
            Measurements opened = new Measurements(folder, channel, lock(channel, folder));
            opened.read(Files.readString(file));
            return opened;
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    private static FileLock lock(FileChannel channel, Path folder) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException inThisProcess) {
            lock = null;
        }
        if (lock == null) {
            throw new FewbitException(
                    "another search is using the measurements in %s: wait for it, or give another folder with --measurements"
                            .formatted(folder));
        }
        return lock;
    }

    /** A last line without an end was cut off; what comes next begins a new one. */
    private void read(String text) throws IOException {
        int whole = text.lastIndexOf('\n') + 1;
        for (String line : text.substring(0, whole).lines().toList()) {
            int tab = line.indexOf('\t');
            if (tab > 0) {
                figures.put(line.substring(tab + 1), line.substring(0, tab));
            }
        }
        channel.truncate(text.substring(0, whole).getBytes(StandardCharsets.UTF_8).length);
        channel.position(channel.size());
    }

    /** How many figures there are. */
    public int size() {
        return figures.size();
    }

    /** A figure that was measured before. */
    OptionalDouble figure(String key) {
        String value = figures.get(oneLine(key));
        return value == null
                ? OptionalDouble.empty()
                : OptionalDouble.of(Double.parseDouble(value));
    }

    /** Keeps a figure. */
    void keep(String key, double value) throws IOException {
        String line = oneLine(key);
        figures.put(line, Double.toString(value));
        ByteBuffer bytes =
                ByteBuffer.wrap((value + "\t" + line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(false);
    }

    /** A weight that was rounded before. */
    Optional<Rounded> weight(String key) throws IOException {
        Path file = weightFile(key);
        return Files.exists(file) ? Optional.of(WeightFile.read(file)) : Optional.empty();
    }

    /** Whether a weight was rounded before. */
    boolean hasWeight(String key) {
        return Files.exists(weightFile(key));
    }

    /** Keeps a rounded weight. */
    void keep(String key, Rounded weight) throws IOException {
        Path file = weightFile(key);
        Files.createDirectories(folder.resolve("weights"));
        Path part = file.resolveSibling(file.getFileName() + ".part");
        WeightFile.write(weight, part);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** A text that was found before. */
    Optional<String> text(String name) throws IOException {
        Path file = folder.resolve(name);
        return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    }

    /** Keeps a text. */
    void keepText(String name, String text) throws IOException {
        Path part = folder.resolve(name + ".part");
        Files.writeString(part, text);
        Files.move(
                part,
                folder.resolve(name),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private Path weightFile(String key) {
        return folder.resolve("weights").resolve(hash(key) + ".z");
    }

    private static String oneLine(String key) {
        return key.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    }

    /** Enough of the SHA-256 of a text to tell it from others, in hexadecimal digits. */
    static String hash(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** Lets others use the folder. */
    @Override
    public void close() throws IOException {
        lock.close();
        channel.close();
    }
}
