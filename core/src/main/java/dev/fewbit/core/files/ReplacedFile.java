package dev.fewbit.core.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes files so that they are there whole or not at all, also when the process is ended.
 *
 * @param what what is written, for messages: {@code the report}
 * @param usualName how such a file may be called, for messages: {@code report.html}
 */
public record ReplacedFile(String what, String usualName) {

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

    /**
     * Writes into a temporary file beside {@code target} and moves it into place.
     *
     * <p>A link is followed, so that it keeps pointing where it did. Something that is not a file,
     * such as {@code /dev/stdout}, is written to directly.
     *
     * @param target the file, which may exist
     * @throws IOException if that fails; the message says what was wrong with which path, and the
     *     temporary file is gone
     */
    public void write(Path target, Content content) throws IOException {
        Path absolute = target.toAbsolutePath().normalize();
        if (Files.isDirectory(absolute)) {
            throw new IOException(
                    "cannot write %s to %s: that is a folder. Give a file name in it, for example %s"
                            .formatted(what, target, target.resolve(usualName)));
        }
        try {
            if (Files.exists(absolute) && !Files.isRegularFile(absolute)) {
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(absolute))) {
                    content.writeTo(out);
                }
            } else {
                replace(followed(absolute), content);
            }
        } catch (IOException failure) {
            throw explained(target, failure);
        }
    }

    /** The file to replace; its folder exists. */
    private static Path followed(Path absolute) throws IOException {
        Path file =
                Files.isSymbolicLink(absolute) && Files.exists(absolute)
                        ? absolute.toRealPath()
                        : absolute;
        Path folder = file.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new IOException(
                    "there is no folder to write into: the folder %s does not exist. Create it, or choose another place"
                            .formatted(folder));
        }
        return file;
    }

    private static void replace(Path file, Content content) throws IOException {
        // Not Files.createTempFile: its files can be read by their owner only.
        Path temporary =
                file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        Thread atExit = new Thread(() -> deleteQuietly(temporary), "delete " + temporary);
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            try (OutputStream out =
                    new BufferedOutputStream(
                            Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW))) {
                content.writeTo(out);
            }
            move(temporary, file);
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

    private IOException explained(Path target, IOException cause) {
        String reason =
                switch (cause) {
                    case AccessDeniedException _ ->
                            "no permission to write there. Choose another folder, or allow writing in %s"
                                    .formatted(target.toAbsolutePath().getParent());
                    case FileSystemException failed when failed.getReason() != null ->
                            failed.getReason();
                    case IOException other -> String.valueOf(other.getMessage());
                };
        String advice =
                reason.contains("No space left")
                        ? ". Free some space or choose another disk; an older file of that name is"
                                + " untouched"
                        : "";
        return new IOException(
                "cannot write %s to %s: %s%s".formatted(what, target, reason, advice), cause);
    }
}
