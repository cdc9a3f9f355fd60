package dev.fewbit.runtime.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds the files that {@code data.yaml} names, in the folder that it lies in. */
final class TextFinder {

    /** A file: its path, for messages, and its content. */
    static final class Found {
        private final String source;
        private final byte[] bytes;

        Found(String source, byte[] bytes) {
            this.source = source;
            this.bytes = bytes;
        }

        String source() {
            return source;
        }

        byte[] bytes() {
            return bytes;
        }
    }

    private final Path folder;

    TextFinder(Path folder) {
        this.folder = folder;
    }

    /**
     * Reads a file.
     *
     * @param name path from the folder
     */
    Found find(String name) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new SampleDataException(
                    file.toString(),
                    "there is no such file, though data.yaml names it",
                    "Put it beside data.yaml, or among the data, or correct the name");
        }
        return new Found(file.toString(), Files.readAllBytes(file));
    }

    /** Lines of UTF-8 text, line ends and an empty last line left out. */
    static List<String> lines(String source, byte[] bytes) throws SampleDataException {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException malformed) {
            throw new SampleDataException(
                    source, "the file is not UTF-8 text", "Write it in UTF-8");
        }
        List<String> lines = new ArrayList<>(List.of(text.split("\r?\n", -1)));
        if (lines.getLast().isEmpty()) {
            lines.removeLast();
        }
        return lines;
    }
}
