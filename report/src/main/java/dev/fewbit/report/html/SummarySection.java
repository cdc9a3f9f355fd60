package dev.fewbit.report.html;

import dev.fewbit.core.findings.Comparison;
import dev.fewbit.core.findings.Findings;
import dev.fewbit.core.findings.Verdict;

import java.util.Locale;

/** The top of the page: the verdict in words, what limits it, and the figures behind it. */
final class SummarySection {

    private SummarySection() {}

    static void write(HtmlWriter html, Findings findings) {
        verdict(html, findings);
        notices(html, findings);
        html.open("section", "class", "tiles", "aria-label", "Summary");
        Tiles.write(html, findings);
        html.closeLine();
    }

    private static void verdict(HtmlWriter html, Findings findings) {
        Verdict verdict = findings.verdict();
        html.open(
                "section",
                "class",
                "verdict " + (verdict == null ? "none" : style(verdict.grade())),
                "aria-label",
                "Verdict");
        html.open("p", "class", "files");
        html.name(findings.original().file()).text(" \u2192 ").name(findings.quantized().file());
        String recipe = findings.recipe();
        if (recipe != null) {
            html.text(" \u00B7 recipe ").name(recipe);
        }
        html.close();
        if (verdict == null) {
            html.element("p", "No verdict", "class", "grade");
            html.element("h1", withoutVerdict(findings));
        } else {
            String grade = words(verdict.grade());
            // A headline often opens with the grade; nobody needs to read it twice.
            boolean said =
                    verdict.headline()
                            .toLowerCase(Locale.ROOT)
                            .startsWith(grade.toLowerCase(Locale.ROOT));
            html.element("p", grade, "class", said ? "grade unseen" : "grade");
            html.element("h1", Figures.unbroken(verdict.headline()));
            if (!verdict.reasons().isEmpty()) {
                html.open("ul", "class", "reasons");
                for (String reason : verdict.reasons()) {
                    html.element("li", Figures.unbroken(reason));
                }
                html.close();
            }
        }
        html.closeLine();
    }

    private static String withoutVerdict(Findings findings) {
        Change size =
                Change.of(
                        (double) findings.original().fileBytes(),
                        (double) findings.quantized().fileBytes(),
                        "smaller",
                        "larger");
        String first = "The file is " + size.words() + ". ";
        return findings.comparison() == null
                ? first
                        + "The two models were not run, so nothing is known about accuracy and"
                        + " speed."
                : first + "What that cost is below.";
    }

    private static void notices(HtmlWriter html, Findings findings) {
        for (String warning : findings.warnings()) {
            notice(html, "Warning. ", warning);
        }
        Comparison comparison = findings.comparison();
        if (comparison == null) {
            return;
        }
        if (comparison.inputs().random()) {
            html.open("p", "class", "notice", "role", "note");
            html.element("strong", "Measured on random inputs. ");
            html.text(
                    "Sizes and times hold, but errors on random inputs say little about errors on"
                            + " real data. Give real samples to find out.");
            html.closeLine();
        }
        for (String warning : comparison.warnings()) {
            notice(html, "Note. ", warning);
        }
    }

    private static void notice(HtmlWriter html, String kind, String text) {
        html.open("p", "class", "notice", "role", "note");
        html.element("strong", kind);
        html.text(text);
        html.closeLine();
    }

    private static String words(Verdict.Grade grade) {
        return switch (grade) {
            case WORTH_IT -> "Worth it";
            case WITH_CARE -> "With care";
            case NOT_WORTH_IT -> "Not worth it";
        };
    }

    private static String style(Verdict.Grade grade) {
        return switch (grade) {
            case WORTH_IT -> "good";
            case WITH_CARE -> "care";
            case NOT_WORTH_IT -> "bad";
        };
    }
}
