package dev.fewbit.report;

import dev.fewbit.core.findings.Findings;
import dev.fewbit.core.findings.Verdict;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes sample reports into the folder given as argument, for looking at them in a browser. */
final class Preview {

    private Preview() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        Findings usual = SampleFindings.transformer(6, 4);
        HtmlReport.write(usual, folder.resolve("usual.html"));
        JsonReport.write(usual, folder.resolve("usual.json"));
        HtmlReport.write(
                SampleSearch.in(usual, SampleSearch.of(22)), folder.resolve("searched.html"));
        HtmlReport.write(SampleFindings.transformer(6, 8), folder.resolve("int8.html"));
        HtmlReport.write(SampleFindings.transformer(166, 8), folder.resolve("huge.html"));
        HtmlReport.write(SampleFindings.bare(), folder.resolve("bare.html"));
        HtmlReport.write(Hostile.findings(), folder.resolve("hostile.html"));
        HtmlReport.write(unfavourable(usual), folder.resolve("unfavourable.html"));
    }

    private static Findings unfavourable(Findings from) {
        return new Findings(
                from.toolVersion(),
                from.recipe(),
                from.planHash(),
                from.seed(),
                from.original(),
                from.quantized(),
                from.weights(),
                List.of(),
                SampleFindings.comparison(List.of(), true),
                new Verdict(
                        Verdict.Grade.NOT_WORTH_IT,
                        "The quantized model is 1.4\u00D7 slower and only 1.1\u00D7 smaller.",
                        List.of("Convolutions fell back to float kernels.")));
    }
}
