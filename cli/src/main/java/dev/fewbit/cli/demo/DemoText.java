package dev.fewbit.cli.demo;

import dev.fewbit.cli.show.JsonWriter;
import dev.fewbit.cli.terminal.Numbers;
import dev.fewbit.cli.terminal.Page;
import dev.fewbit.cli.terminal.Style;
import dev.fewbit.cli.terminal.TextTable;
import dev.fewbit.cli.terminal.TextTable.Column;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;

/** What the demo found, for people and as a JSON document. */
final class DemoText {

    private DemoText() {}

    static void print(Page page, List<DemoRow> rows, Sentences sentences, int threads) {
        TextTable table =
                new TextTable(
                        Column.text(""),
                        Column.number("FILE"),
                        Column.number("SMALLER"),
                        Column.number("LOAD").optional(),
                        Column.number("LATENCY").optional(),
                        Column.number("FASTER"),
                        Column.number("COSINE").optional(),
                        Column.number("TOP-1"),
                        Column.number("RECALL@10").optional(),
                        Column.number("SAME TOP 10").optional());
        for (DemoRow row : rows) {
            boolean original = row.report() == null;
            Retrieval retrieval = row.retrieval();
            table.row(
                    row.name(),
                    Numbers.bytes(row.fileBytes()),
                    original ? "" : Numbers.times(row.ratio()),
                    Numbers.millis(row.loadMillis()),
                    Numbers.millis(row.latencyMillis()),
                    original ? "" : Numbers.times(row.speedUp()),
                    original ? "" : Numbers.fixed(retrieval.cosine(), 4),
                    Numbers.percent(retrieval.topOne()),
                    Numbers.percent(retrieval.recall()),
                    original ? "" : Numbers.percent(retrieval.overlap()));
        }
        page.heading("MiniLM, a sentence-embedding model, in fewer bits");
        page.line();
        page.table("  ", table);
        page.line();
        page.prose(
                Style.FAINT,
                "  ",
                Numbers.counted(sentences.queries().size(), "query").replace("querys", "queries")
                        + " searched among "
                        + Numbers.counted(sentences.texts().size(), "sentence")
                        + ". Top-1: the right sentence comes first. Recall@10: it is among the"
                        + " first ten. Same top 10: share of the first ten that the float model"
                        + " also has there. Cosine: to the float model's embedding of the same"
                        + " text. Latency: one sentence, "
                        + Numbers.counted(threads, "thread")
                        + ", median.");
        printFiles(page, rows);
    }

    private static void printFiles(Page page, List<DemoRow> rows) {
        page.heading("Where things are");
        TextTable table =
                new TextTable(Column.text(""), Column.text("MODEL"), Column.text("REPORT"));
        for (DemoRow row : rows) {
            table.row(row.name(), row.model(), row.report() == null ? "" : row.report());
        }
        page.table("  ", table);
        page.line();
        page.line(
                "And now yours: "
                        + page.paint(Style.COMMAND, "fewbit quantize MODEL.onnx -o SMALL.onnx"));
    }

    static String json(List<DemoRow> rows, Sentences sentences, int threads, Path data) {
        return new JsonWriter()
                .object()
                .field("schema", 1)
                .field("sentences", sentences.texts().size())
                .field("queries", sentences.queries().size())
                .field("threads", threads)
                .field("data", data.toString())
                .objects("models", rows, DemoText::row)
                .endObject()
                .toString();
    }

    private static void row(JsonWriter json, DemoRow row) {
        json.field("name", row.name())
                .field("model", row.model().toString())
                .field("report", text(row.report()))
                .field("fileBytes", row.fileBytes())
                .field("compressionRatio", row.ratio())
                .field("loadMillis", row.loadMillis())
                .field("latencyMillis", row.latencyMillis())
                .field("speedUp", row.speedUp())
                .field("cosine", row.retrieval().cosine())
                .field("topOne", row.retrieval().topOne())
                .field("recallAtTen", row.retrieval().recall())
                .field("overlapAtTen", row.retrieval().overlap());
    }

    private static @Nullable String text(@Nullable Path path) {
        return path == null ? null : path.toString();
    }
}
