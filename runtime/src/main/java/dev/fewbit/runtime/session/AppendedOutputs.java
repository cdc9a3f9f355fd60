package dev.fewbit.runtime.session;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A model file in memory, with more graph outputs.
 *
 * <p>Nothing is parsed: in the Protobuf wire format a message that is followed by another of its
 * type is merged with it, and repeated fields are appended. So the file's bytes, followed by
 *
 * <pre>
 * ModelProto { graph (7): GraphProto { output (12): ValueInfoProto { name (1): "..." } ... } }
 * </pre>
 *
 * <p>are the same model with those outputs. Their types are left to the runtime's inference.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/#last-one-wins">Protobuf
 *     encoding</a>
 */
public final class AppendedOutputs {

    private static final int MODEL_GRAPH = 7;
    private static final int GRAPH_OUTPUT = 12;
    private static final int VALUE_NAME = 1;
    private static final int LENGTH_DELIMITED = 2;

    private AppendedOutputs() {}

    /**
     * Reads a model and appends outputs.
     *
     * @param model the file; tensors outside it stay outside
     * @param names values of the graph that become outputs, none of which is one already
     * @param arena owner of the memory
     * @return a direct buffer of the whole model
     * @throws IOException if the file cannot be read or is larger than 2 GiB, which Protobuf does
     *     not allow
     */
    public static ByteBuffer of(Path model, List<String> names, Arena arena) throws IOException {
        byte[] suffix = suffix(names);
        try (FileChannel channel = FileChannel.open(model)) {
            long size = channel.size() + suffix.length;
            if (size > Integer.MAX_VALUE) {
                throw new IOException(
                        model
                                + ": a model file is at most 2 GiB, got "
                                + channel.size()
                                + " bytes. Store its tensors as external data");
            }
            ByteBuffer bytes = arena.allocate(size).asByteBuffer();
            bytes.limit((int) channel.size());
            while (bytes.hasRemaining()) {
                if (channel.read(bytes) < 0) {
                    throw new EOFException(model + ": the file became shorter while it was read");
                }
            }
            bytes.limit((int) size);
            bytes.put(suffix);
            return bytes.flip();
        }
    }

    private static byte[] suffix(List<String> names) {
        ByteArrayOutputStream graph = new ByteArrayOutputStream();
        for (String name : names) {
            ByteArrayOutputStream value = new ByteArrayOutputStream();
            field(value, VALUE_NAME, name.getBytes(StandardCharsets.UTF_8));
            field(graph, GRAPH_OUTPUT, value.toByteArray());
        }
        ByteArrayOutputStream model = new ByteArrayOutputStream();
        field(model, MODEL_GRAPH, graph.toByteArray());
        return model.toByteArray();
    }

    private static void field(ByteArrayOutputStream out, int number, byte[] content) {
        variableLength(out, (number << 3) | LENGTH_DELIMITED);
        variableLength(out, content.length);
        out.writeBytes(content);
    }

    private static void variableLength(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest >= 0x80) {
            out.write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }
}
