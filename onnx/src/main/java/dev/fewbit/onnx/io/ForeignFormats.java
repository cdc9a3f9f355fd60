package dev.fewbit.onnx.io;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Recognizes, by their first bytes, files that people take for ONNX models, and says what they are.
 */
final class ForeignFormats {
    private static final int HEAD_BYTES = 512;

    private ForeignFormats() {}

    /** Refuses a file that is certainly something else. */
    static void refuse(Path path, FileChannel channel) throws IOException {
        ByteBuffer head = ByteBuffer.allocate((int) Math.min(HEAD_BYTES, channel.size()));
        while (head.hasRemaining() && channel.read(head, head.position()) >= 0) {
            // Reads on until the head is full.
        }
        refuse(path, head.array(), head.position());
    }

    /**
     * Refuses bytes that certainly are something else; {@code path} is null when they are not from
     * a file.
     */
    static void refuse(@Nullable Path path, byte[] bytes, int length) throws OnnxFormatException {
        Finding finding = recognize(bytes, Math.min(length, HEAD_BYTES));
        if (finding != null) {
            throw new OnnxFormatException(
                    path, "this is " + finding.what + ", not an ONNX model", finding.advice);
        }
    }

    /** What a file is, and what to do with it. */
    record Finding(String what, String advice) {}

    /** What the first bytes of a file say; null when it may be an ONNX model. */
    static @Nullable Finding recognize(byte[] head, int length) {
        String latin = new String(head, 0, length, StandardCharsets.ISO_8859_1);
        String text = latin.stripLeading().toLowerCase(Locale.ROOT);
        if (latin.startsWith("PK\u0003\u0004")) {
            return latin.contains("data.pkl") || latin.contains("/version")
                    ? new Finding("a PyTorch file", "Export it with torch.onnx.export")
                    : new Finding("a zip archive", "Unpack it and give the .onnx file in it");
        }
        if (latin.startsWith("version https://git-lfs")) {
            return new Finding("a git-lfs pointer", "Fetch the real file with: git lfs pull");
        }
        if (text.startsWith("<!doctype html") || text.startsWith("<html")) {
            return new Finding(
                    "a web page",
                    "The download went wrong: open the link in a browser and save the file itself");
        }
        if (latin.startsWith("\u001f\u008b")) {
            return new Finding("a gzip archive", "Unpack it and give the .onnx file in it");
        }
        if (latin.startsWith("\u0089HDF")) {
            return new Finding("a Keras (HDF5) file", "Convert it with tf2onnx");
        }
        if (latin.startsWith("\u0093NUMPY")) {
            return new Finding("a NumPy array", "Give the model; data goes with --data");
        }
        if (latin.startsWith("GGUF")) {
            return new Finding("a GGUF file", "Export the original model to ONNX");
        }
        if (length >= 2 && head[0] == (byte) 0x80 && head[1] >= 2 && head[1] <= 5) {
            return new Finding(
                    "a Python pickle, as PyTorch writes",
                    "Export the model with torch.onnx.export");
        }
        if (latin.startsWith("TFL3", 4)) {
            return new Finding("a TensorFlow Lite file", "Convert the original model with tf2onnx");
        }
        if (latin.startsWith("ORTM", 4)) {
            return new Finding(
                    "a model in ORT format", "Give the .onnx file that it was made from");
        }
        if (latin.startsWith("\0\0\0\0{\"", 4)) {
            return new Finding("a safetensors file", "Export the model to ONNX");
        }
        return isText(head, length)
                ? new Finding("a text file", "Give the path of the .onnx file")
                : null;
    }

    private static boolean isText(byte[] head, int length) {
        for (int i = 0; i < length; i++) {
            // A protobuf message starts with small tag bytes; texts have no control characters but
            // these
            // four.
            boolean control = head[i] >= 0 && head[i] < ' ' && "\t\n\f\r".indexOf(head[i]) < 0;
            if (control || head[i] == 0x7F) {
                return false;
            }
        }
        return true;
    }
}
