package dev.fewbit.onnx.io;

import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.wire.WireException;
import dev.fewbit.onnx.wire.WireInput;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads ONNX models. Only the description of the graph and small tensors are read; the bytes of
 * large tensors stay in their files and are referred to. Opset 7 to 26, IR version 3 to 13.
 */
public final class OnnxReader {
    private OnnxReader() {}

    /**
     * Reads a model file. The file, and the external data files it names, must stay as they are
     * while the model is in use.
     *
     * @throws OnnxFormatException when the file is missing, damaged, not an ONNX model, or not
     *     supported
     * @throws IOException when the file cannot be read
     */
    public static Model read(Path file) throws IOException {
        Path path = file.toAbsolutePath();
        requireFile(path);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            if (channel.size() == 0) {
                throw new OnnxFormatException(
                        path, "the file is empty", "Download or export the model again");
            }
            ForeignFormats.refuse(path, channel);
            Decoding decoding = new Decoding(WireInput.of(channel, path), path);
            Model model = decode(decoding, path);
            model.setSource(path, decoding.externalFiles.paths());
            return model;
        }
    }

    /**
     * Reads a model from memory. Tensors are views of the array, which must not be changed while
     * the model is in use. A model with external data has to be read from its file.
     *
     * @throws OnnxFormatException when the bytes are damaged, not an ONNX model, or not supported
     */
    public static Model read(byte[] bytes) throws IOException {
        if (bytes.length == 0) {
            throw new OnnxFormatException(
                    null, "there are no bytes", "Check where the bytes come from");
        }
        ForeignFormats.refuse(null, bytes, bytes.length);
        return decode(new Decoding(WireInput.of(bytes), null), null);
    }

    /**
     * Reads a file that holds one {@code TensorProto}, as the test data of the ONNX project does.
     *
     * @throws OnnxFormatException when the file is missing, damaged, or not a tensor
     * @throws IOException when the file cannot be read
     */
    public static Tensor readTensor(Path file) throws IOException {
        Path path = file.toAbsolutePath();
        requireFile(path);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return TensorDecoder.decodeAll(new Decoding(WireInput.of(channel, path), path));
        } catch (WireException e) {
            throw malformed(path, e);
        }
    }

    private static Model decode(Decoding decoding, @Nullable Path path) throws IOException {
        try {
            return ModelDecoder.decode(decoding);
        } catch (WireException e) {
            throw malformed(path, e);
        }
    }

    private static OnnxFormatException malformed(@Nullable Path path, WireException cause) {
        return new OnnxFormatException(
                path,
                "not a well-formed ONNX file: " + cause.getMessage(),
                "The file is cut off, damaged, or not an ONNX model: download or export it again",
                cause);
    }

    private static void requireFile(Path path) throws OnnxFormatException {
        if (Files.isDirectory(path)) {
            throw new OnnxFormatException(
                    path, "this is a folder", "Give the path of the .onnx file");
        }
        if (!Files.exists(path)) {
            throw new OnnxFormatException(
                    path,
                    "there is no such file",
                    "Check the path",
                    new NoSuchFileException(path.toString()));
        }
        if (!Files.isReadable(path)) {
            throw new OnnxFormatException(path, "the file cannot be read", "Check its permissions");
        }
    }
}
