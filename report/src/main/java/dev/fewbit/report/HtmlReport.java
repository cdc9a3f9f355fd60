package dev.fewbit.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fewbit.core.files.ReplacedFile;
import dev.fewbit.core.findings.Findings;
import dev.fewbit.report.html.HtmlPage;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Writes findings as one self-contained HTML file for people.
 *
 * <p>The file holds its own style, scripts and data and never reaches out to a network, so it can
 * be opened from disk, mailed, or kept as a build artifact. It follows the reader's light or dark
 * preference and prints. Without JavaScript the summary and all tables are still there; sorting,
 * filtering and the two drawn charts need it. Names from the model are escaped, and the page's
 * content security policy lets no script run but the report's own.
 *
 * <p>The same findings give the same bytes. Stateless and safe for use by several threads.
 */
public final class HtmlReport {

    private static final ReplacedFile FILE = new ReplacedFile("the report", "report.html");

    private HtmlReport() {}

    /**
     * Writes the report, replacing an older one only when the new one is complete.
     *
     * @param findings what to report
     * @param file the HTML file; its folder must exist
     * @throws IOException if the file cannot be written; the message names the file and what to do,
     *     and an older file of that name is untouched
     */
    public static void write(Findings findings, Path file) throws IOException {
        byte[] bytes = render(findings).getBytes(UTF_8);
        FILE.write(file, out -> out.write(bytes));
    }

    /** The report as HTML text, to be encoded as UTF-8. */
    public static String render(Findings findings) {
        return HtmlPage.render(findings);
    }
}
