package dev.fewbit.onnx.io;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The temporary files of one write: made beside their targets, moved into place together at the
 * end, deleted when anything fails, also when the process is told to end (Ctrl-C).
 */
final class OutputFiles implements AutoCloseable {
    private static final AtomicLong COUNTER = new AtomicLong();

    private final List<Move> moves = new ArrayList<>();
    private final Thread onExit = new Thread(this::delete, "fewbit-writer-cleanup");
    private boolean finished;

    private record Move(Path temporary, Path target) {}

    OutputFiles() {
        try {
            Runtime.getRuntime().addShutdownHook(onExit);
        } catch (IllegalStateException e) {
            // The process is ending already; nothing more may be written.
            finished = true;
        }
    }

    /**
     * Path of the temporary file for a target in the same folder. Files are moved into place in the
     * order of these calls.
     */
    synchronized Path temporaryFor(Path target) throws IOException {
        if (finished) {
            throw new IOException("The process is ending; " + target + " was not written");
        }
        Path temporary =
                target.resolveSibling(
                        "."
                                + target.getFileName()
                                + "."
                                + ProcessHandle.current().pid()
                                + "-"
                                + COUNTER.incrementAndGet()
                                + ".tmp");
        moves.add(new Move(temporary, target));
        return temporary;
    }

    /** Moves all files into place. */
    synchronized void commit() throws IOException {
        if (finished) {
            throw new IOException("The process is ending; nothing was written");
        }
        for (Move move : moves) {
            try {
                Files.move(
                        move.temporary,
                        move.target,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(move.temporary, move.target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        finished = true;
    }

    /** Deletes what was not moved into place. */
    @Override
    public void close() {
        delete();
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException e) {
            // The process is ending; the hook runs, or has run.
        }
    }

    private synchronized void delete() {
        if (finished) {
            return;
        }
        finished = true;
        for (Move move : moves) {
            try {
                Files.deleteIfExists(move.temporary);
            } catch (IOException e) {
                System.getLogger(OutputFiles.class.getName())
                        .log(
                                System.Logger.Level.WARNING,
                                "Could not delete the temporary file " + move.temporary,
                                e);
            }
        }
    }
}
