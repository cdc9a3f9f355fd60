package dev.fewbit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.fewbit.core.findings.Findings;
import dev.fewbit.core.findings.SearchFindings;
import dev.fewbit.core.findings.WeightFinding;

import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

class HtmlReportTest {

    private static final int WEIGHTS_OF_TWO_LAYERS = 13;

    @TempDir private Path folder;

    @Test
    void tablesHoldTheFindings() {
        Findings findings = SampleFindings.transformer(2, 4);
        Document page = Jsoup.parse(HtmlReport.render(findings));
        assertThat(page.selectFirst("h1").text()).isEqualTo(findings.verdict().headline());
        assertThat(page.select(".reasons li").eachText()).isEqualTo(findings.verdict().reasons());

        List<Element> rows = page.select("#weight-table tbody tr");
        assertThat(rows).hasSize(WEIGHTS_OF_TWO_LAYERS);
        for (int i = 0; i < rows.size(); i++) {
            WeightFinding weight = findings.weights().get(i);
            Element row = rows.get(i);
            assertThat(row.selectFirst(".col-tensor").text()).isEqualTo(weight.tensor());
            assertThat(row.selectFirst(".col-reason").text()).isEqualTo(weight.reason());
            assertThat(row.attr("data-nodes")).isEqualTo(weight.nodes().getFirst());
            assertThat(Double.parseDouble(row.selectFirst(".col-after").attr("data-v")))
                    .isEqualTo((double) weight.quantizedBytes());
            // Nine digits go into the page; half a unit of the ninth is the most that is lost.
            assertThat(Double.parseDouble(row.selectFirst(".col-sqnr").attr("data-v")))
                    .isCloseTo(weight.sqnrDecibels(), offset(weight.sqnrDecibels() * 5e-9));
            assertThat(row.selectFirst(".col-gap").text()).isEqualTo("1.5");
            assertThat(Double.parseDouble(row.attr("data-limit")))
                    .isCloseTo(weight.sqnrDecibels() + 1.5, offset(0.05 + 1e-9));
        }
        assertThat(rows.getFirst().selectFirst(".col-before").text()).isEqualTo("46.9 MB");
        assertThat(page.select("#layer-table tbody tr"))
                .hasSize(findings.comparison().layers().size());
        assertThat(page.select("#skipped-table tbody tr")).hasSize(findings.skipped().size());
        assertThat(page.select("#kernels tbody tr")).hasSize(13);
        assertThat(page.select("#outputs tbody td").eachText())
                .containsExactly("19.2", "0.9935", "0.9810", "0.412", "96.4 %");
        assertThat(page.select(".worst li b").first().text()).endsWith(" dB");
        assertThat(page.select("#conditions dd").eachText())
                .contains("9f2c51d0a7be44c1", "42", "sentences.jsonl", "ONNX Runtime 1.29.0");
    }

    @Test
    void theTaskHasATileAndATable() {
        Document page = Jsoup.parse(HtmlReport.render(SampleFindings.transformer(1, 4)));
        assertThat(page.select("#task tbody th").eachText())
                .containsExactly("Spearman correlation", "top-1 accuracy");
        assertThat(page.select("#task tbody tr").first().select("td").eachText())
                .containsExactly("0.8203", "0.8188", "\u22120.0015", "0.0007", "0.0101", "1,379");
        assertThat(page.select("#task tbody tr").last().select("td").eachText())
                .containsExactly("57.60 %", "57.20 %", "\u22120.40 %", "unknown", "2.21 %", "500");
        assertThat(page.select(".tile h3").eachText()).contains("Spearman correlation");
        Document none = Jsoup.parse(HtmlReport.render(SampleFindings.bare()));
        assertThat(none.select("#task")).isEmpty();
    }

    @Test
    void warningsAndNotesOfTheTuningAreThere() {
        Findings findings = SampleFindings.transformer(1, 4);
        Document page = Jsoup.parse(HtmlReport.render(findings));
        assertThat(page.select(".notice").eachText())
                .containsExactly("Warning. " + findings.warnings().getFirst());
        assertThat(page.select("#tuning li").eachText()).isEqualTo(findings.notes());
        Document none = Jsoup.parse(HtmlReport.render(SampleFindings.bare()));
        assertThat(none.select("#tuning")).isEmpty();
    }

    @Test
    void theSearchIsDrawnAndListed() {
        SearchFindings search = SampleSearch.of(22);
        Document page =
                Jsoup.parse(
                        HtmlReport.render(
                                SampleSearch.in(SampleFindings.transformer(1, 4), search)));
        for (Element plot : page.select("#search svg")) {
            assertThat(plot.select(".fixed title").eachText())
                    .hasSize(5)
                    .contains("4 bits: 162 kB, predicted loss 0.0254, measured 0.0305");
            assertThat(plot.selectFirst(".chosen-point title").text())
                    .isEqualTo("Chosen: 187 kB, predicted loss 0.00410, measured 0.00630, 1.14 ms");
            assertThat(plot.select("text").eachText())
                    .contains("chosen", "2 bits", "8 bits", "at most 190 kB");
            assertThat(plot.select(".mark")).hasSize(81);
            // Larger models lie to the right, lesser losses below.
            List<Element> marks = plot.select(".mark");
            for (int i = 1; i < marks.size(); i++) {
                assertThat(pixels(marks.get(i), "cx"))
                        .isGreaterThan(pixels(marks.get(i - 1), "cx"));
                assertThat(pixels(marks.get(i), "cy"))
                        .isGreaterThan(pixels(marks.get(i - 1), "cy"));
            }
            assertThat(pixels(plot.selectFirst(".limit"), "x1"))
                    .isGreaterThan(pixels(plot.selectFirst(".chosen-point"), "cx"));
        }
        List<Element> rows = page.select("#choice-table tbody tr");
        assertThat(rows).hasSize(22);
        assertThat(rows.get(2).select("td, th").eachText())
                .containsExactly(
                        "layer1.2.conv.weight convolution 3 \u00D7 3",
                        "432",
                        "5 bits, channels",
                        "6.19",
                        "334 B",
                        "4.5 %",
                        search.layers().get(2).reason(),
                        "4 bits, channels \u221254 B, loss +0.000700",
                        "6 bits, channels +54 B, loss \u22120.000130");
        Document none = Jsoup.parse(HtmlReport.render(SampleFindings.transformer(1, 4)));
        assertThat(none.select("#search")).isEmpty();
    }

    private static double pixels(Element shape, String attribute) {
        return Double.parseDouble(shape.attr(attribute));
    }

    @Test
    void histogramsHoldTheCountsAndLevels() throws IOException {
        Findings findings = SampleFindings.transformer(1, 4);
        Document page = Jsoup.parse(HtmlReport.render(findings));
        JsonNode histograms = new JsonMapper().readTree(page.selectFirst("#histograms").data());
        assertThat(histograms).hasSameSizeAs(findings.weights());
        for (int i = 0; i < histograms.size(); i++) {
            long drawn = 0;
            for (JsonNode count : histograms.get(i).get("c")) {
                drawn += count.asLong();
            }
            long counted =
                    findings.weights().get(i).histogram().counts().stream()
                            .mapToLong(Long::longValue)
                            .sum();
            assertThat(drawn).isEqualTo(counted);
            assertThat(histograms.get(i).get("u").get(2).asInt()).isEqualTo(16);
        }
    }

    @Test
    void namesCannotBreakOut() throws Exception {
        String html = HtmlReport.render(Hostile.findings());
        Document page = Jsoup.parse(html);
        assertThat(page.select("img")).isEmpty();
        assertThat(page.select("script")).hasSize(3);
        for (Element element : page.getAllElements()) {
            for (Attribute attribute : element.attributes()) {
                assertThat(attribute.getKey()).doesNotStartWith("on");
            }
        }
        assertThat(html.codePoints().anyMatch(c -> c < ' ' && c != '\n' && c != '\t')).isFalse();
        String shown = Hostile.NAME.replace('\u0000', '\uFFFD').replace('\u0007', '\uFFFD');
        assertThat(page.selectFirst("#weight-table tbody .name").wholeText()).isEqualTo(shown);
        assertThat(page.selectFirst("#weight-table tbody tr").attr("data-nodes")).isEqualTo(shown);
        assertThat(scriptHashes(page)).containsExactlyElementsOf(allowedScripts(page));
    }

    @Test
    void onlyTheReportsOwnScriptsMayRun() throws Exception {
        Document page = Jsoup.parse(HtmlReport.render(SampleFindings.transformer(1, 4)));
        assertThat(scriptHashes(page)).hasSize(2).containsExactlyElementsOf(allowedScripts(page));
    }

    @Test
    void nothingIsLoadedFromElsewhere() {
        String html = HtmlReport.render(SampleFindings.transformer(1, 8));
        assertThat(html.replace("http://www.w3.org/2000/svg", ""))
                .doesNotContain("http:")
                .doesNotContain("https:")
                .doesNotContain("url(")
                .doesNotContain("@import")
                .doesNotContain("fetch(");
        Document page = Jsoup.parse(html);
        assertThat(page.select("link, [src], iframe, object, base")).isEmpty();
        for (Element link : page.select("[href]")) {
            String target = link.attr("href");
            assertThat(target).startsWith("#");
            assertThat(page.getElementById(target.substring(1))).isNotNull();
        }
    }

    @Test
    void markupIsWellFormed() {
        for (Findings findings :
                List.of(
                        SampleFindings.transformer(1, 4),
                        SampleFindings.bare(),
                        SampleSearch.in(SampleFindings.bare(), SampleSearch.of(3)),
                        Hostile.findings())) {
            Parser parser = Parser.htmlParser().setTrackErrors(50);
            Document page = parser.parseInput(HtmlReport.render(findings), "");
            assertThat(parser.getErrors()).isEmpty();
            List<String> ids = page.select("[id]").eachAttr("id");
            assertThat(ids).doesNotHaveDuplicates();
            for (Element labelled : page.select("[aria-labelledby]")) {
                assertThat(ids).contains(labelled.attr("aria-labelledby"));
            }
            for (Element table : page.select("table")) {
                int columns =
                        table.select("thead tr > *").stream().mapToInt(HtmlReportTest::span).sum();
                for (Element row : table.select("tbody tr, tfoot tr")) {
                    assertThat(row.children()).hasSize(columns);
                }
            }
        }
    }

    @Test
    void sameFindingsGiveSameBytes() {
        assertThat(HtmlReport.render(SampleFindings.transformer(2, 4)))
                .isEqualTo(HtmlReport.render(SampleFindings.transformer(2, 4)));
    }

    /** 166 layers have 997 weights; three megabytes is what a browser opens without a pause. */
    @Test
    void aThousandWeightsStaySmall() {
        byte[] page = HtmlReport.render(SampleFindings.transformer(166, 8)).getBytes(UTF_8);
        assertThat(page.length).isLessThan(3_000_000);
    }

    @Test
    void absentPartsAreSaidOrLeftOut() {
        Document page = Jsoup.parse(HtmlReport.render(SampleFindings.bare()));
        assertThat(page.selectFirst("h1").text())
                .contains("about the same")
                .contains("were not run");
        assertThat(page.select("nav a").eachText()).containsExactly("Conditions");
        assertThat(page.select("#conditions dd").eachText())
                .contains("nothing: the models were not run");

        Findings usual = SampleFindings.transformer(1, 4);
        Document nothing =
                Jsoup.parse(
                        HtmlReport.render(
                                new Findings(
                                        usual.toolVersion(),
                                        usual.recipe(),
                                        usual.planHash(),
                                        usual.seed(),
                                        usual.original(),
                                        usual.quantized(),
                                        List.of(),
                                        List.of(),
                                        SampleFindings.comparison(List.of(), true),
                                        null)));
        assertThat(nothing.select(".empty").eachText())
                .anyMatch(text -> text.contains("No weight was quantized"))
                .anyMatch(text -> text.contains("Nothing was left out"))
                .anyMatch(text -> text.contains("error inside the network was not measured"));
        assertThat(nothing.select(".notice").eachText())
                .anyMatch(text -> text.contains("random inputs"))
                .anyMatch(text -> text.contains("token_type_ids"));
    }

    @Test
    void gradeIsNotSaidTwice() {
        Document page = Jsoup.parse(HtmlReport.render(SampleFindings.transformer(1, 4)));
        assertThat(page.selectFirst(".grade").classNames()).contains("unseen");
        assertThat(page.selectFirst(".grade").text()).isEqualTo("Worth it");
    }

    @Test
    void fileIsThePage() throws IOException {
        Path file = folder.resolve("report.html");
        Findings findings = SampleFindings.transformer(1, 4);
        HtmlReport.write(findings, file);
        assertThat(Files.readString(file)).isEqualTo(HtmlReport.render(findings));
    }

    private static int span(Element cell) {
        return cell.hasAttr("colspan") ? Integer.parseInt(cell.attr("colspan")) : 1;
    }

    private static List<String> scriptHashes(Document page) throws Exception {
        List<String> hashes = new ArrayList<>();
        for (Element script : page.select("script:not([type])")) {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(script.data().getBytes(UTF_8));
            hashes.add("'sha256-" + Base64.getEncoder().encodeToString(hash) + "'");
        }
        return hashes;
    }

    private static List<String> allowedScripts(Document page) {
        String policy = page.selectFirst("meta[http-equiv]").attr("content");
        String sources = policy.substring(policy.indexOf("script-src ") + "script-src ".length());
        return List.of(sources.split(" ", -1));
    }
}
