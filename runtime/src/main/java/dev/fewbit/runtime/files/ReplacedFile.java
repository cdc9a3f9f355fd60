package dev.fewbit.runtime.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes a file so that it is there whole or not at all, also when the process is ended. */
public final class ReplacedFile {

    /** Writes the content of a file. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes all of it.
         *
         * @throws IOException if that fails
         */
        void writeTo(OutputStream out) throws IOException;
    }

    private ReplacedFile() {}

    /**
     * Writes a temporary file beside the target and moves it into place. A link is followed.
     *
     * @param target the file, which may exist
     * @throws IOException if that fails; the message says which path and why, and the temporary
     *     file is gone
     */
    public static void write(Path target, Content content) throws IOException {
        Path absolute = target.toAbsolutePath().normalize();
        if (Files.isDirectory(absolute)) {
            throw new IOException(
                    "cannot write %s: that is a folder. Give the name of a file in it"
                            .formatted(target));
        }
        Path file = Files.isSymbolicLink(absolute) ? absolute.toRealPath() : absolute;
        Path folder = file.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new IOException(
                    "cannot write %s: there is no folder %s. Make it, or choose another place"
                            .formatted(target, folder));
        }
        Path temporary =
                folder.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        Thread atExit = new Thread(() -> deleteQuietly(temporary), "delete " + temporary);
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            try (OutputStream out =
                    new BufferedOutputStream(
                            Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW))) {
                content.writeTo(out);
            }
            move(temporary, file);
        } catch (IOException failure) {
            throw new IOException(
                    "cannot write %s: %s. Check that the folder may be written to and has space left"
                            .formatted(target, failure),
                    failure);
        } finally {
            Files.deleteIfExists(temporary);
            forget(atExit);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(
                    from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException otherwise) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void forget(Thread atExit) {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException exiting) {
            // The hook runs, and finds nothing to delete.
            return;
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failure) {
            // Nobody is left to tell.
            return;
        }
    }
}
