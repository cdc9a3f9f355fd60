package dev.fewbit.report.html;

import dev.fewbit.core.findings.Comparison;
import dev.fewbit.core.findings.Findings;
import dev.fewbit.core.findings.SearchFindings;

import java.util.ArrayList;
import java.util.List;

/** The whole page: frame, navigation, sections in the order in which a reader asks. */
public final class HtmlPage {

    /**
     * One section.
     *
     * @param id its anchor
     * @param label its name in the navigation
     * @param title its heading
     * @param body writes what is under the heading
     */
    private record Part(String id, String label, String title, Runnable body) {}

    private final Findings findings;
    private final HtmlWriter html = new HtmlWriter();

    private HtmlPage(Findings findings) {
        this.findings = findings;
    }

    /** The page as text, to be encoded as UTF-8. The same findings give the same text. */
    public static String render(Findings findings) {
        return new HtmlPage(findings).page();
    }

    private String page() {
        String early = Resources.earlyScript();
        String scripts = Resources.scripts();
        html.open("html", "lang", "en");
        html.open("head");
        html.empty("meta", "charset", "utf-8");
        html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        // Whatever a name in the model holds, the browser runs these two scripts and loads nothing.
        html.empty(
                "meta",
                "http-equiv",
                "Content-Security-Policy",
                "content",
                "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; script-src %s %s"
                        .formatted(Resources.policyHash(early), Resources.policyHash(scripts)));
        html.empty("meta", "name", "generator", "content", "Fewbit " + findings.toolVersion());
        html.element("title", findings.quantized().file() + " \u2013 Fewbit report");
        html.open("script").verbatim(early).closeLine();
        html.open("style").verbatim(Resources.styles()).closeLine();
        html.close();
        html.open("body");
        html.element("a", "Skip to the findings", "class", "skip", "href", "#findings");
        List<Part> parts = parts();
        header(parts);
        html.open("main", "id", "findings");
        SummarySection.write(html, findings);
        for (Part part : parts) {
            html.open("section", "id", part.id(), "aria-labelledby", part.id() + "-title");
            html.element("h2", part.title(), "id", part.id() + "-title");
            part.body().run();
            html.closeLine();
        }
        html.close();
        footer();
        html.open("script", "type", "application/json", "id", "histograms")
                .verbatim(Histograms.json(findings.weights()))
                .closeLine();
        html.open("script").verbatim(scripts).closeLine();
        html.close();
        html.close();
        return html.finish();
    }

    private List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        Comparison comparison = findings.comparison();
        // Two existing files that were compared: nobody says what became of which weight.
        boolean listed =
                findings.recipe() != null
                        || !findings.weights().isEmpty()
                        || !findings.skipped().isEmpty();
        if (listed) {
            parts.add(
                    new Part(
                            "bytes",
                            "Bytes",
                            "Where the bytes went",
                            () -> BytesSection.write(html, findings)));
        }
        SearchFindings search = findings.search();
        if (search != null) {
            parts.add(
                    new Part(
                            "search",
                            "Search",
                            "Size against loss, and what each layer got",
                            () -> SearchSection.write(html, search)));
        }
        if (comparison != null && !comparison.metrics().isEmpty()) {
            parts.add(
                    new Part(
                            "task",
                            "Task",
                            "How well both do their task",
                            () -> TaskSection.write(html, comparison)));
        }
        if (comparison != null) {
            parts.add(
                    new Part(
                            "outputs",
                            "Outputs",
                            "Error of the outputs",
                            () -> OutputsSection.write(html, comparison)));
            parts.add(
                    new Part(
                            "layers",
                            "Layers",
                            "Error along the network",
                            () -> LayersSection.write(html, comparison)));
        }
        if (!findings.notes().isEmpty()) {
            parts.add(
                    new Part(
                            "tuning",
                            "Tuning",
                            "What was tried, and kept",
                            () -> TuningSection.write(html, findings)));
        }
        if (listed) {
            parts.add(
                    new Part(
                            "weights",
                            "Weights",
                            "Quantized weights",
                            () -> WeightsSection.write(html, findings)));
            parts.add(
                    new Part(
                            "skipped",
                            "Left alone",
                            "Weights left alone",
                            () -> SkippedSection.write(html, findings)));
        }
        if (comparison != null) {
            parts.add(
                    new Part(
                            "kernels",
                            "Kernels",
                            "What the runtime ran",
                            () -> KernelsSection.write(html, comparison)));
        }
        parts.add(
                new Part(
                        "conditions",
                        "Conditions",
                        "How this was measured",
                        () -> ConditionsSection.write(html, findings)));
        return parts;
    }

    private void header(List<Part> parts) {
        html.open("header", "class", "top");
        html.element("span", "Fewbit", "class", "brand");
        html.open("nav", "aria-label", "Sections");
        for (Part part : parts) {
            html.element("a", part.label(), "href", "#" + part.id());
        }
        html.close();
        html.element("button", "Dark", "type", "button", "id", "theme", "class", "script-only");
        html.closeLine();
    }

    private void footer() {
        html.open("footer");
        html.text(
                "Written by Fewbit "
                        + findings.toolVersion()
                        + ". This file is complete in itself and loads nothing from elsewhere.");
        html.closeLine();
    }
}
