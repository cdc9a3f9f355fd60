package dev.fewbit.report.html;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** The style sheets and scripts of the page, read from the class path. */
final class Resources {

    private static final List<String> STYLES =
            List.of("page.css", "tables.css", "charts.css", "print.css");
    private static final List<String> SCRIPTS =
            List.of("drawing.js", "tables.js", "histogram.js", "layers.js", "page.js");

    private Resources() {}

    static String styles() {
        return STYLES.stream().map(Resources::read).collect(Collectors.joining());
    }

    /** Runs before the page is drawn, so that it does not flash in the wrong colours. */
    static String earlyScript() {
        return read("early.js");
    }

    /** The rest of the scripts, in a scope of their own. */
    static String scripts() {
        return SCRIPTS.stream()
                .map(Resources::read)
                .collect(Collectors.joining("", "(() => {\n\"use strict\";\n", "})();\n"));
    }

    /** The source expression with which a content security policy allows exactly this script. */
    static String policyHash(String script) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(script.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String read(String name) {
        try (InputStream in = Resources.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(
                        "the report's resource %s is missing from the jar".formatted(name));
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the report's resource %s cannot be read".formatted(name), e);
        }
    }
}
