package dev.fewbit.cli.demo;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Tokenized sentences as a data file for {@code --data}, an object a line. */
final class DemoData {

    private DemoData() {}

    static void write(List<long[]> sentences, Path file) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            for (long[] tokens : sentences) {
                long[] ones = new long[tokens.length];
                Arrays.fill(ones, 1);
                writer.write(
                        "{\"input_ids\": [" + Arrays.toString(tokens) + "], \"attention_mask\": [");
                writer.write(Arrays.toString(ones) + "], \"token_type_ids\": [");
                writer.write(Arrays.toString(new long[tokens.length]) + "]}\n");
            }
        }
    }
}
