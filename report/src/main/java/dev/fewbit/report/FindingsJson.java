package dev.fewbit.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;

import dev.fewbit.core.findings.Comparison;
import dev.fewbit.core.findings.Findings;
import dev.fewbit.core.findings.ModelFacts;
import dev.fewbit.core.findings.SkippedWeight;
import dev.fewbit.core.findings.TaskMetric;
import dev.fewbit.core.findings.Verdict;
import dev.fewbit.core.findings.WeightFinding;
import dev.fewbit.core.findings.WeightHistogram;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The document of {@link JsonReport}, field by field.
 *
 * <p>Written out by hand, so that a record may be renamed without changing the document, and
 * because it starts ten times faster than data binding in a short-lived process.
 */
final class FindingsJson {

    /** Not-a-number and the infinities become strings. */
    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .enable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
                    .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                    .build();

    private final JsonGenerator json;

    private FindingsJson(JsonGenerator json) {
        this.json = json;
    }

    static void write(Findings findings, Writer writer) throws IOException {
        try (JsonGenerator generator = FACTORY.createGenerator(writer)) {
            generator.setPrettyPrinter(printer());
            new FindingsJson(generator).findings(findings);
        }
    }

    /** One field a line, arrays of numbers on one line, line feeds whatever the system. */
    private static DefaultPrettyPrinter printer() {
        Separators separators =
                Separators.createDefaultInstance()
                        .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                        .withArrayValueSpacing(Separators.Spacing.AFTER)
                        .withArrayEmptySeparator("")
                        .withObjectEmptySeparator("");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(separators);
        printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
        printer.indentArraysWith(new DefaultPrettyPrinter.NopIndenter());
        return printer;
    }

    private void findings(Findings findings) throws IOException {
        json.writeStartObject();
        json.writeNumberField("schema", JsonReport.SCHEMA);
        json.writeStringField("toolVersion", findings.toolVersion());
        json.writeStringField("recipe", findings.recipe());
        json.writeStringField("planHash", findings.planHash());
        json.writeNumberField("seed", findings.seed());
        json.writeNumberField("compressionRatio", findings.compressionRatio());
        model("original", findings.original());
        model("quantized", findings.quantized());
        verdict(findings.verdict());
        comparison(findings.comparison());
        json.writeArrayFieldStart("weights");
        for (WeightFinding weight : findings.weights()) {
            weight(weight);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("skipped");
        for (SkippedWeight skipped : findings.skipped()) {
            skipped(skipped);
        }
        json.writeEndArray();
        texts("warnings", findings.warnings());
        texts("notes", findings.notes());
        new SearchJson(json).write(findings.search());
        json.writeEndObject();
    }

    private void model(String field, ModelFacts model) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeStringField("file", model.file());
        json.writeNumberField("fileBytes", model.fileBytes());
        json.writeNumberField("weightBytes", model.weightBytes());
        json.writeNumberField("parameters", model.parameters());
        json.writeNumberField("nodes", model.nodes());
        json.writeNumberField("irVersion", model.irVersion());
        json.writeObjectFieldStart("opsets");
        // Sorted: the order of an immutable map changes from one process to the next.
        for (Map.Entry<String, Long> opset : new TreeMap<>(model.opsets()).entrySet()) {
            json.writeNumberField(opset.getKey(), opset.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private void verdict(@Nullable Verdict verdict) throws IOException {
        if (verdict == null) {
            json.writeNullField("verdict");
            return;
        }
        json.writeObjectFieldStart("verdict");
        json.writeStringField("grade", verdict.grade().name());
        json.writeStringField("headline", verdict.headline());
        texts("reasons", verdict.reasons());
        json.writeEndObject();
    }

    private void comparison(@Nullable Comparison comparison) throws IOException {
        if (comparison == null) {
            json.writeNullField("comparison");
            return;
        }
        json.writeObjectFieldStart("comparison");
        json.writeObjectFieldStart("inputs");
        json.writeStringField("description", comparison.inputs().description());
        json.writeNumberField("samples", comparison.inputs().samples());
        json.writeBooleanField("random", comparison.inputs().random());
        json.writeEndObject();
        json.writeStringField("runtimeVersion", comparison.runtimeVersion());
        json.writeNumberField("threads", comparison.threads());
        json.writeStringField("processor", comparison.processor());
        texts("warnings", comparison.warnings());
        metrics(comparison.metrics());
        json.writeArrayFieldStart("outputs");
        for (Comparison.OutputError output : comparison.outputs()) {
            json.writeStartObject();
            json.writeStringField("name", output.name());
            json.writeNumberField("sqnrDecibels", output.sqnrDecibels());
            json.writeNumberField("cosineMean", output.cosineMean());
            json.writeNumberField("cosineMinimum", output.cosineMinimum());
            json.writeNumberField("maximumError", output.maximumError());
            json.writeNumberField("topOneAgreement", output.topOneAgreement());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("layers");
        for (Comparison.LayerError layer : comparison.layers()) {
            json.writeStartObject();
            json.writeStringField("value", layer.value());
            json.writeStringField("node", layer.node());
            json.writeStringField("operator", layer.operator());
            json.writeNumberField("sqnrDecibels", layer.sqnrDecibels());
            json.writeNumberField("cosine", layer.cosine());
            json.writeEndObject();
        }
        json.writeEndArray();
        performance("original", comparison.original());
        performance("quantized", comparison.quantized());
        json.writeEndObject();
    }

    private void metrics(List<TaskMetric> metrics) throws IOException {
        json.writeArrayFieldStart("metrics");
        for (TaskMetric metric : metrics) {
            json.writeStartObject();
            json.writeStringField("name", metric.name());
            json.writeStringField("unit", metric.unit().name());
            json.writeBooleanField("higherIsBetter", metric.higherIsBetter());
            json.writeNumberField("original", metric.original());
            json.writeNumberField("quantized", metric.quantized());
            json.writeNumberField("samples", metric.samples());
            json.writeNumberField("standardError", metric.standardError());
            json.writeNumberField("differenceError", metric.differenceError());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void performance(String field, Comparison.Performance performance) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeNumberField("loadMillis", performance.loadMillis());
        json.writeNumberField("latencyMillis", performance.latencyMillis());
        json.writeNumberField("latencyLowMillis", performance.latencyLowMillis());
        json.writeNumberField("latencyHighMillis", performance.latencyHighMillis());
        json.writeNumberField("memoryBytes", performance.memoryBytes());
        json.writeArrayFieldStart("kernels");
        for (Comparison.Kernel kernel : performance.kernels()) {
            json.writeStartObject();
            json.writeStringField("operator", kernel.operator());
            json.writeNumberField("count", kernel.count());
            json.writeNumberField("timeShare", kernel.timeShare());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void weight(WeightFinding weight) throws IOException {
        json.writeStartObject();
        json.writeStringField("tensor", weight.tensor());
        texts("nodes", weight.nodes());
        json.writeStringField("operator", weight.operator());
        integers("shape", weight.shape());
        json.writeStringField("format", weight.format());
        json.writeStringField("granularity", weight.granularity());
        json.writeStringField("rounding", weight.rounding());
        json.writeStringField("encoding", weight.encoding());
        json.writeStringField("reason", weight.reason());
        json.writeNumberField("bitsPerWeight", weight.bitsPerWeight());
        json.writeNumberField("floatBytes", weight.floatBytes());
        json.writeNumberField("quantizedBytes", weight.quantizedBytes());
        json.writeNumberField("minimum", weight.minimum());
        json.writeNumberField("maximum", weight.maximum());
        json.writeNumberField("sqnrDecibels", weight.sqnrDecibels());
        json.writeNumberField("limitDecibels", weight.limitDecibels());
        json.writeNumberField("gapDecibels", weight.gapDecibels());
        json.writeNumberField("maximumError", weight.maximumError());
        histogram(weight.histogram());
        json.writeEndObject();
    }

    private void histogram(@Nullable WeightHistogram histogram) throws IOException {
        if (histogram == null) {
            json.writeNullField("histogram");
            return;
        }
        json.writeObjectFieldStart("histogram");
        json.writeNumberField("lowerEdge", histogram.lowerEdge());
        json.writeNumberField("binWidth", histogram.binWidth());
        integers("counts", histogram.counts());
        json.writeArrayFieldStart("levels");
        for (float level : histogram.levels()) {
            json.writeNumber(level);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void skipped(SkippedWeight skipped) throws IOException {
        json.writeStartObject();
        json.writeStringField("tensor", skipped.tensor());
        json.writeStringField("operator", skipped.operator());
        integers("shape", skipped.shape());
        json.writeNumberField("bytes", skipped.bytes());
        json.writeStringField("reason", skipped.reason());
        json.writeEndObject();
    }

    private void texts(String field, List<String> texts) throws IOException {
        json.writeArrayFieldStart(field);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    private void integers(String field, List<Long> numbers) throws IOException {
        json.writeArrayFieldStart(field);
        for (long number : numbers) {
            json.writeNumber(number);
        }
        json.writeEndArray();
    }
}
