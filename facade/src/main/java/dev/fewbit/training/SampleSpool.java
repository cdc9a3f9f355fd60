package dev.fewbit.training;

import dev.fewbit.FewbitException;
import dev.fewbit.Progress;
import dev.fewbit.runtime.data.Label;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.NumberType;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.files.TemporaryFolder;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * All samples in a mapped file, to be had in any order: data is read and decoded once, and memory
 * does not grow with it.
 */
final class SampleSpool {
    private final List<Entry> entries;
    private final MemorySegment bytes;

    /**
     * An input of a sample.
     *
     * @param offset of its elements in the file
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Input(NumberType type, long[] shape, long offset, long size) {}

    /**
     * A sample.
     *
     * @param inputs in the order of the network
     * @param label its class, if the data says one
     */
    record Entry(List<Input> inputs, OptionalLong label) {

        /** Types and shapes: samples that have the same can be seen together. */
        String form() {
            StringBuilder form = new StringBuilder();
            for (Input input : inputs) {
                form.append(input.type).append(Arrays.toString(input.shape));
            }
            return form.toString();
        }
    }

    private SampleSpool(List<Entry> entries, MemorySegment bytes) {
        this.entries = entries;
        this.bytes = bytes;
    }

    /**
     * Reads all samples.
     *
     * @param names inputs of the network in their order
     * @param arena for how long the file is mapped
     * @throws FewbitException if there are none
     */
    static SampleSpool of(
            Samples samples,
            List<String> names,
            TemporaryFolder folder,
            Arena arena,
            Progress progress)
            throws IOException {
        Path file = folder.file("samples.bin");
        List<Entry> entries = new ArrayList<>();
        long total = samples.count().orElse(0);
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            samples.visit(
                    sample -> {
                        List<Input> inputs = new ArrayList<>();
                        for (String name : names) {
                            NumberArray array = sample.inputs().get(name);
                            if (array == null) {
                                throw new FewbitException(
                                        "%s: sample %d has no input '%s'"
                                                .formatted(
                                                        samples.description(),
                                                        sample.index(),
                                                        name));
                            }
                            ByteBuffer elements = array.bytes();
                            inputs.add(
                                    new Input(
                                            array.type(),
                                            array.shape(),
                                            channel.position(),
                                            elements.remaining()));
                            while (elements.hasRemaining()) {
                                channel.write(elements);
                            }
                        }
                        OptionalLong label =
                                sample.label().orElse(null) instanceof Label.Classes classes
                                                && classes.numbers().size() == 1
                                        ? OptionalLong.of(classes.numbers().getFirst())
                                        : OptionalLong.empty();
                        entries.add(new Entry(List.copyOf(inputs), label));
                        progress.update("reading", entries.size(), Math.max(total, entries.size()));
                        return true;
                    });
            if (entries.isEmpty()) {
                throw new FewbitException(samples.description() + ": there are no samples");
            }
            MemorySegment mapped =
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return new SampleSpool(entries, mapped);
        }
    }

    /** Number of samples. */
    int size() {
        return entries.size();
    }

    /** A sample. */
    Entry entry(int index) {
        return entries.get(index);
    }

    /** The elements of an input. */
    MemorySegment elements(Input input) {
        return bytes.asSlice(input.offset, input.size);
    }

    /** Whether every sample has a class. */
    boolean isLabelled() {
        return entries.stream().allMatch(entry -> entry.label().isPresent());
    }
}
