package dev.fewbit.report.html;

import dev.fewbit.core.findings.Comparison;
import dev.fewbit.core.findings.Comparison.Kernel;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which kernels the runtime really chose, and where the time went. */
final class KernelsSection {

    /** Kernels below these take a few percent of the time together. */
    private static final int SHOWN = 12;

    private KernelsSection() {}

    static void write(HtmlWriter html, Comparison comparison) {
        html.element(
                "p",
                "The runtime rewrites a model before it runs it. These are the kernels that ran in"
                        + " the end, by their share of the time of one inference.");
        html.open("div", "class", "columns");
        side(html, "Before", "before", comparison.original().kernels(), Set.of());
        side(
                html,
                "After",
                "after",
                comparison.quantized().kernels(),
                comparison.original().kernels().stream()
                        .map(Kernel::operator)
                        .collect(Collectors.toSet()));
        html.closeLine();
    }

    private static void side(
            HtmlWriter html, String title, String when, List<Kernel> kernels, Set<String> known) {
        html.open("div", "class", "division");
        html.element("h3", title);
        if (kernels.isEmpty()) {
            html.element("p", "Not measured.", "class", "empty");
            html.closeLine();
            return;
        }
        table(html, when, kernels.subList(0, Math.min(SHOWN, kernels.size())), known);
        if (kernels.size() > SHOWN) {
            html.open("details");
            html.element("summary", Figures.count(kernels.size() - SHOWN) + " more");
            table(html, when, kernels.subList(SHOWN, kernels.size()), known);
            html.close();
        }
        html.closeLine();
    }

    private static void table(
            HtmlWriter html, String when, List<Kernel> kernels, Set<String> known) {
        html.open("table", "class", "plain kernels");
        html.open("thead").open("tr");
        html.element("th", "Kernel", "scope", "col");
        html.element("th", "Nodes", "scope", "col", "class", "number");
        html.element("th", "Share of time", "scope", "col", "class", "number", "colspan", "2");
        html.close().close();
        html.open("tbody");
        for (Kernel kernel : kernels) {
            html.open("tr");
            html.open("th", "scope", "row").name(kernel.operator());
            if (!known.isEmpty() && !known.contains(kernel.operator())) {
                html.text(" ").element("span", "new", "class", "tag");
            }
            html.close();
            html.element("td", Figures.count(kernel.count()), "class", "number");
            html.element("td", Figures.percent(kernel.timeShare()), "class", "number");
            html.open("td", "class", "share", "aria-hidden", "true");
            double share =
                    Double.isFinite(kernel.timeShare()) ? Math.clamp(kernel.timeShare(), 0, 1) : 0;
            html.element(
                    "i",
                    "",
                    "class",
                    "bar " + when,
                    "style",
                    "width:" + Figures.plain(share * 100, 4) + "%");
            html.close();
            html.closeLine();
        }
        html.close().close();
    }
}
