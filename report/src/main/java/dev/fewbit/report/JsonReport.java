package dev.fewbit.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.fewbit.core.files.ReplacedFile;
import dev.fewbit.core.findings.Findings;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Findings as JSON, and back.
 *
 * <p>The document is one object in UTF-8. Its first field is {@code "schema": 1}; later versions of
 * Fewbit may add fields under the same number, so readers should pass over fields that they do not
 * know. A field is renamed or dropped only together with a new number.
 *
 * <pre>{@code
 * schema            1
 * toolVersion       text
 * recipe            text, null when two existing files were compared
 * planHash          text, null when no plan was carried out
 * seed              integer, 64 bits
 * compressionRatio  original.fileBytes / quantized.fileBytes
 * original          {file, fileBytes, weightBytes, parameters, nodes, irVersion,
 *                    opsets: {domain: version}}
 * quantized         the same fields
 * verdict           {grade: WORTH_IT | WITH_CARE | NOT_WORTH_IT, headline, reasons: [text]} or null
 * comparison        null, or
 *   inputs          {description, samples, random}
 *   runtimeVersion, threads, processor, warnings: [text]
 *   metrics         [{name, unit: SHARE | NUMBER, higherIsBetter, original, quantized, samples,
 *                     standardError, differenceError}], the one that counts first
 *   outputs         [{name, sqnrDecibels, cosineMean, cosineMinimum, maximumError, topOneAgreement}]
 *   layers          [{value, node, operator, sqnrDecibels, cosine}] in execution order
 *   original        {loadMillis, latencyMillis, latencyLowMillis, latencyHighMillis, memoryBytes,
 *                    kernels: [{operator, count, timeShare}]}; memoryBytes < 0: not measured
 *   quantized       the same fields
 * weights           [{tensor, nodes: [text], operator, shape: [integer], format, granularity, rounding,
 *                     encoding, reason, bitsPerWeight, floatBytes, quantizedBytes, minimum, maximum,
 *                     sqnrDecibels, limitDecibels, gapDecibels, maximumError,
 *                     histogram: {lowerEdge, binWidth, counts: [integer], levels: [number]} or null}]
 * skipped           [{tensor, operator, shape, bytes, reason}]
 * warnings          [text], of the way in which the plan was found
 * notes             [text], what was tried for the plan
 * search            null, or
 *   loss            text, what is called loss
 *   limits          {bytes, loss, seconds}, each null where it was free
 *   front           [point] from the smallest to the largest; a point is {label, bytes,
 *                   predictedLoss, measuredLoss or null, seconds or null}
 *   fixed           [point], chosen: point
 *   floatBytes      size of the float model's file
 *   layers          [{tensor, layer, weights, choice, bytes, lossShare, reason, smaller, larger}];
 *                   the last two are {choice, bytesDifference, lossDifference} or null
 * }</pre>
 *
 * <p>The fields mean what the components of {@link Findings} and its parts of the same name mean.
 * JSON has no number for what is not finite: such values are the strings {@code "Infinity"}, {@code
 * "-Infinity"} and {@code "NaN"}, which {@code float()} in Python, {@code Number()} in JavaScript
 * and {@code Double.parseDouble} in Java read as they stand. An infinite signal-to-noise ratio
 * means that nothing changed.
 *
 * <p>The same findings give the same bytes. Stateless and safe for use by several threads.
 */
public final class JsonReport {

    private static final ReplacedFile FILE = new ReplacedFile("the report", "report.json");

    /** The version of the document's shape, its field {@code schema}. */
    public static final int SCHEMA = 1;

    private JsonReport() {}

    /**
     * Writes the document, replacing an older file only when the new one is complete.
     *
     * @throws IOException if the file cannot be written; the message names the file and what to do
     */
    public static void write(Findings findings, Path file) throws IOException {
        FILE.write(file, out -> write(findings, out));
    }

    /**
     * Writes the document and a line feed, and flushes; the stream stays open.
     *
     * @throws IOException if the stream fails
     */
    public static void write(Findings findings, OutputStream out) throws IOException {
        // Through a writer: a name with half a surrogate pair in it must not end the report.
        Writer writer = new OutputStreamWriter(out, UTF_8);
        FindingsJson.write(findings, writer);
        writer.write('\n');
        writer.flush();
    }

    /** The document as text, without a line feed at its end. */
    public static String render(Findings findings) {
        StringWriter writer = new StringWriter();
        try {
            FindingsJson.write(findings, writer);
        } catch (IOException e) {
            throw new UncheckedIOException("a string writer failed", e);
        }
        return writer.toString();
    }

    /**
     * Reads a document that {@link #write(Findings, Path)} wrote.
     *
     * @throws IOException if the file cannot be read, is not such a document, or has a newer schema
     */
    public static Findings read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, file.toString());
        }
    }

    private static Findings read(InputStream in, String where) throws IOException {
        JsonMapper mapper =
                JsonMapper.builder()
                        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                        .build();
        JsonNode document;
        try {
            document = mapper.readTree(in);
        } catch (JacksonException e) {
            throw new IOException(
                    "%s is not JSON: %s. Give a file that fewbit wrote as JSON"
                            .formatted(where, e.getOriginalMessage()),
                    e);
        }
        int schema = document.path("schema").asInt(-1);
        if (schema != SCHEMA) {
            throw new IOException(
                    "%s: expected a fewbit report with schema %d, got %s. %s"
                            .formatted(
                                    where,
                                    SCHEMA,
                                    schema < 0 ? "JSON without a schema" : "schema " + schema,
                                    schema > SCHEMA
                                            ? "Read it with a newer fewbit"
                                            : "Write the report anew"));
        }
        // Documents from before there were metrics have none.
        if (document.get("comparison") instanceof ObjectNode comparison
                && !comparison.has("metrics")) {
            comparison.putArray("metrics");
        }
        try {
            return mapper.treeToValue(document, Findings.class);
        } catch (JacksonException e) {
            throw new IOException(
                    "%s: not a whole fewbit report: %s. Write the report anew"
                            .formatted(where, e.getOriginalMessage()),
                    e);
        }
    }
}
