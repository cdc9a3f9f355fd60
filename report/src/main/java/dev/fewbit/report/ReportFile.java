package dev.fewbit.report;

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

/** Writes a file so that it is there whole or not at all. */
final class ReportFile {

    /** Writes the content of a file. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private ReportFile() {}

    /**
     * Writes into a temporary file beside {@code target} and moves it into place.
     *
     * <p>A link is followed, so that it keeps pointing where it did. Something that is not a file,
     * such as {@code /dev/stdout}, is written to directly.
     *
     * @throws IOException if that fails; the message says what was wrong with which path, and the
     *     temporary file is gone
     */
    static void replace(Path target, Content content) throws IOException {
        Path absolute = target.toAbsolutePath().normalize();
        if (Files.isDirectory(absolute)) {
            throw new IOException(
                    "cannot write the report to %s: that is a folder. Give a file name in it, for example %s"
                            .formatted(target, target.resolve("report.html")));
        }
        if (Files.exists(absolute) && !Files.isRegularFile(absolute)) {
            writeDirectly(target, absolute, content);
            return;
        }
        Path file =
                Files.isSymbolicLink(absolute) && Files.exists(absolute)
                        ? absolute.toRealPath()
                        : absolute;
        Path folder = file.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new IOException(
                    "cannot write the report to %s: the folder %s does not exist. Create it, or choose another place"
                            .formatted(target, folder));
        }
        Path temporary =
                folder.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            // Not Files.createTempFile: its files can be read by their owner only, and reports are
            // for sharing.
            try (OutputStream out =
                    new BufferedOutputStream(
                            Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW))) {
                content.writeTo(out);
            }
            move(temporary, file);
        } catch (IOException e) {
            throw explained(target, e);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void writeDirectly(Path target, Path absolute, Content content)
            throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(absolute))) {
            content.writeTo(out);
        } catch (IOException e) {
            throw explained(target, e);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static IOException explained(Path target, IOException cause) {
        String what =
                switch (cause) {
                    case AccessDeniedException denied ->
                            "no permission to write there. Choose another folder, or allow writing in %s"
                                    .formatted(target.toAbsolutePath().getParent());
                    case FileSystemException failed when failed.getReason() != null ->
                            failed.getReason();
                    case IOException other -> String.valueOf(other.getMessage());
                };
        String advice =
                what.contains("No space left")
                        ? ". Free some space or choose another disk; an older report of that name"
                                + " is untouched"
                        : "";
        return new IOException(
                "cannot write the report to %s: %s%s".formatted(target, what, advice), cause);
    }
}
