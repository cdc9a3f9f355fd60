package dev.fewbit.report.html;

import dev.fewbit.core.findings.Findings;

/** What was tried while the plan was made, and what of it was kept. */
final class TuningSection {

    private TuningSection() {}

    static void write(HtmlWriter html, Findings findings) {
        html.open("ul", "class", "findings");
        for (String note : findings.notes()) {
            html.element("li", Figures.unbroken(note));
        }
        html.closeLine();
    }
}
