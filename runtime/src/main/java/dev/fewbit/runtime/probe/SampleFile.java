package dev.fewbit.runtime.probe;

import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.NumberType;
import dev.fewbit.runtime.data.Sample;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** One sample in a file, handed from one process to another on the same machine. */
final class SampleFile {

    private SampleFile() {}

    static void write(Path file, Sample sample) throws IOException {
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            out.writeInt(sample.inputs().size());
            for (Map.Entry<String, NumberArray> entry : sample.inputs().entrySet()) {
                NumberArray array = entry.getValue();
                out.writeUTF(entry.getKey());
                out.writeUTF(array.type().name());
                out.writeInt(array.rank());
                for (long dimension : array.shape()) {
                    out.writeLong(dimension);
                }
                byte[] bytes = new byte[array.bytes().remaining()];
                array.bytes().get(bytes);
                out.writeInt(bytes.length);
                out.write(bytes);
            }
        }
    }

    static Sample read(Path file) throws IOException {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            Map<String, NumberArray> inputs = new LinkedHashMap<>();
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                String name = in.readUTF();
                NumberType type = NumberType.valueOf(in.readUTF());
                long[] shape = new long[in.readInt()];
                for (int axis = 0; axis < shape.length; axis++) {
                    shape[axis] = in.readLong();
                }
                byte[] bytes = new byte[in.readInt()];
                in.readFully(bytes);
                inputs.put(name, new NumberArray(type, shape, ByteBuffer.wrap(bytes)));
            }
            return new Sample(0, inputs, Optional.empty());
        }
    }
}
