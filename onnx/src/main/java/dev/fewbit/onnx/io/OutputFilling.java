package dev.fewbit.onnx.io;

import dev.fewbit.onnx.graph.FileRegion;
import dev.fewbit.onnx.graph.FillContext;
import dev.fewbit.onnx.graph.Pending;
import dev.fewbit.onnx.graph.TensorFiller;
import dev.fewbit.onnx.graph.TensorReader;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Carries out an {@link OutputLayout}: writes what is in memory, copies what is in files, and runs
 * every filler once. Everything goes to a fixed position, so the result does not depend on which
 * thread does what when.
 */
final class OutputFilling implements FillContext {
    private static final long COPY_BYTES = 64L << 20;
    private static final int DECODE_BYTES = 1 << 18;

    private final OutputLayout layout;
    private final Sink model;
    private final @Nullable Sink external;
    private final Progress progress;
    private final WorkPool pool;
    private final IdentityHashMap<Pending, Coverage> coverage = new IdentityHashMap<>();

    private OutputFilling(
            OutputLayout layout,
            Sink model,
            @Nullable Sink external,
            WriteListener listener,
            WorkPool pool) {
        this.layout = layout;
        this.model = model;
        this.external = external;
        this.progress = new Progress(listener, layout.contentSize());
        this.pool = pool;
        layout.pending.keySet().forEach(pending -> coverage.put(pending, new Coverage(pending)));
    }

    /** Writes all bytes of the layout. */
    static void fill(
            OutputLayout layout,
            Sink model,
            @Nullable Sink external,
            int threads,
            WriteListener listener)
            throws IOException {
        WorkPool.run(
                threads,
                pool -> new OutputFilling(layout, model, external, listener, pool).tasks());
    }

    @Override
    public void write(Pending tensor, long byteOffset, ByteBuffer bytes) throws IOException {
        Coverage covered = coverage.get(tensor);
        List<OutputLayout.Place> places = layout.pending.get(tensor);
        if (covered == null || places == null) {
            throw new IllegalStateException(
                    "A filler wrote to a pending tensor that is not in the model: " + tensor);
        }
        covered.add(byteOffset, bytes.remaining());
        for (OutputLayout.Place place : places) {
            write(place, byteOffset, bytes.duplicate());
        }
        bytes.position(bytes.limit());
    }

    @Override
    public void parallel(int tasks, FillContext.Task task) throws IOException {
        pool.parallel(tasks, task);
    }

    private List<WorkPool.Task> tasks() {
        List<WorkPool.Task> tasks = new ArrayList<>();
        tasks.add(this::writeLiterals);
        for (List<Pending> owned : byFiller()) {
            tasks.add(() -> run(owned));
        }
        for (OutputLayout.Copy copy : layout.copies) {
            for (long from = 0; from < copy.source().byteSize(); from += COPY_BYTES) {
                long start = from;
                tasks.add(
                        () ->
                                copy(
                                        copy,
                                        start,
                                        Math.min(COPY_BYTES, copy.source().byteSize() - start)));
            }
        }
        for (OutputLayout.Decoded decoded : layout.decoded) {
            tasks.add(() -> decode(decoded));
        }
        return tasks;
    }

    /** The pending tensors of each filler, in file order; fillers are told apart by identity. */
    private List<List<Pending>> byFiller() {
        IdentityHashMap<TensorFiller, List<Pending>> known = new IdentityHashMap<>();
        List<List<Pending>> groups = new ArrayList<>();
        for (Pending pending : layout.pending.keySet()) {
            List<Pending> group = known.get(pending.filler());
            if (group == null) {
                group = new ArrayList<>(1);
                known.put(pending.filler(), group);
                groups.add(group);
            }
            group.add(pending);
        }
        return groups;
    }

    private void run(List<Pending> owned) throws IOException {
        owned.getFirst().filler().fill(this);
        for (Pending pending : owned) {
            Coverage covered = coverage.get(pending);
            if (covered != null) {
                covered.requireComplete();
            }
        }
    }

    private void writeLiterals() throws IOException {
        for (OutputLayout.Literal literal : layout.literals) {
            write(literal.place(), 0, literal.bytes().buffer());
        }
    }

    private void copy(OutputLayout.Copy copy, long from, long length) throws IOException {
        FileRegion source = copy.source();
        sink(copy.place()).copy(copy.place().position() + from, source, from, length);
        progress.add(length);
    }

    private void decode(OutputLayout.Decoded decoded) throws IOException {
        byte[] buffer = new byte[DECODE_BYTES];
        try (TensorReader reader = decoded.tensor().reader()) {
            for (long done = 0; done < decoded.tensor().byteSize(); done += buffer.length) {
                int now = (int) Math.min(buffer.length, decoded.tensor().byteSize() - done);
                reader.readBytes(done, buffer, 0, now);
                write(decoded.place(), done, ByteBuffer.wrap(buffer, 0, now));
            }
        }
    }

    private void write(OutputLayout.Place place, long offset, ByteBuffer bytes) throws IOException {
        int length = bytes.remaining();
        sink(place).write(place.position() + offset, bytes);
        progress.add(length);
    }

    private Sink sink(OutputLayout.Place place) {
        Sink sink = place.external() ? external : model;
        if (sink == null) {
            throw new IllegalStateException(
                    "The layout has an external file, but there is none to write to");
        }
        return sink;
    }
}
