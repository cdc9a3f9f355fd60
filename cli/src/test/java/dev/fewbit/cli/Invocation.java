package dev.fewbit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.fewbit.cli.terminal.Terminal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What one run of the tool in this process came to.
 *
 * @param code exit code
 * @param out standard output
 * @param err standard error
 */
record Invocation(int code, String out, String err) {

    /** Runs the tool with its output going to a pipe. */
    static Invocation of(Object... args) {
        return of(Terminal.NONE, args);
    }

    /** Runs the tool on a terminal. */
    static Invocation of(Terminal terminal, Object... args) {
        String[] words = new String[args.length];
        for (int i = 0; i < args.length; i++) {
            words[i] = args[i].toString();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code =
                Main.run(
                        words,
                        new PrintStream(out, false, StandardCharsets.UTF_8),
                        new PrintStream(err, false, StandardCharsets.UTF_8),
                        terminal);
        return new Invocation(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** It did what it was asked to do. */
    Invocation succeeded() {
        assertThat(code).as("exit code; standard error: %s", err).isEqualTo(ExitCode.DONE);
        return this;
    }

    /** It failed with a message that people can read. */
    Invocation failed(int expected) {
        assertThat(code).as("exit code; standard error: %s", err).isEqualTo(expected);
        assertThat(out).isEmpty();
        assertThat(err).startsWith("fewbit: ").doesNotContain("\tat ").doesNotContain("Exception");
        assertThat(err).doesNotContain("mistake in Fewbit");
        return this;
    }

    /** Standard output, which is one JSON document and nothing else. */
    JsonNode json() {
        try {
            return new ObjectMapper()
                    .enable(
                            com.fasterxml.jackson.databind.DeserializationFeature
                                    .FAIL_ON_TRAILING_TOKENS)
                    .readTree(out);
        } catch (IOException e) {
            throw new AssertionError("not one JSON document: " + out, e);
        }
    }
}
