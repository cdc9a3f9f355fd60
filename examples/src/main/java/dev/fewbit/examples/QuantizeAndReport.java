package dev.fewbit.examples;

import dev.fewbit.Fewbit;
import dev.fewbit.QuantizationResult;
import dev.fewbit.Recipe;
import dev.fewbit.core.findings.Findings;
import dev.fewbit.core.findings.Measuring;
import dev.fewbit.report.HtmlReport;

import java.io.IOException;
import java.nio.file.Path;

/** Quantizes a model, compares it with the original and writes a report: five lines. */
public final class QuantizeAndReport {

    private QuantizeAndReport() {}

    /**
     * Does the whole job. Inputs are drawn at random; {@code .data(file)} before {@code .run()}
     * takes samples of your own.
     *
     * @param model the float model
     * @param small where the quantized model goes
     * @param report where the HTML report goes
     * @return all that was measured
     * @throws IOException if the report cannot be written
     */
    static Findings run(Path model, Path small, Path report) throws IOException {
        var quantization =
                Fewbit.quantize(model)
                        .recipe(Recipe.INT8_DYNAMIC)
                        .measuring(Measuring.DISTRIBUTIONS);
        QuantizationResult result = quantization.writeTo(small);
        Findings findings = Fewbit.compare(model, small).explainedBy(result).run();
        HtmlReport.write(findings, report);
        return findings;
    }

    /**
     * Runs the example.
     *
     * @param arguments MODEL OUT REPORT: the float model, and the two files to write
     * @throws IOException if the report cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 3) {
            System.err.println("usage: QuantizeAndReport MODEL.onnx OUT.onnx REPORT.html");
            return;
        }
        Findings findings =
                run(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]));
        if (findings.verdict() != null) {
            System.out.println(findings.verdict().headline());
        }
    }
}
