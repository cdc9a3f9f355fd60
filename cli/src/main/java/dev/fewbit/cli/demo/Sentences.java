package dev.fewbit.cli.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sentences to search among, and queries of which each is answered by one of them. They were
 * written for this demo.
 *
 * @param texts the sentences
 * @param queries the queries
 */
record Sentences(List<String> texts, List<Query> queries) {

    /**
     * A question.
     *
     * @param text its words
     * @param answer index of the sentence that answers it
     */
    record Query(String text, int answer) {}

    Sentences {
        texts = List.copyOf(texts);
        queries = List.copyOf(queries);
    }

    /** Reads the sentences in the jar. */
    static Sentences load() {
        Map<String, Integer> indices = new HashMap<>();
        List<String> texts = new ArrayList<>();
        for (String[] row : rows("sentences.tsv", 3)) {
            if (indices.put(row[0], texts.size()) != null) {
                throw new IllegalStateException("sentences.tsv has two sentences " + row[0]);
            }
            texts.add(row[2]);
        }
        List<Query> queries = new ArrayList<>();
        for (String[] row : rows("queries.tsv", 2)) {
            Integer answer = indices.get(row[1]);
            if (answer == null) {
                throw new IllegalStateException(
                        "queries.tsv names a sentence that there is not: " + row[1]);
            }
            queries.add(new Query(row[0], answer));
        }
        return new Sentences(texts, queries);
    }

    private static List<String[]> rows(String resource, int columns) {
        try (InputStream in = Sentences.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing from the jar");
            }
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            List<String[]> rows = new ArrayList<>();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isBlank()) {
                    String[] row = line.split("\t", -1);
                    if (row.length != columns) {
                        throw new IllegalStateException(
                                resource + " has a row of " + row.length + " columns: " + line);
                    }
                    rows.add(row);
                }
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
