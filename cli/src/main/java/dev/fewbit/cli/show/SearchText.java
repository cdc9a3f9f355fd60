package dev.fewbit.cli.show;

import dev.fewbit.cli.terminal.Numbers;
import dev.fewbit.cli.terminal.Page;
import dev.fewbit.cli.terminal.Style;
import dev.fewbit.cli.terminal.TextTable;
import dev.fewbit.cli.terminal.TextTable.Column;
import dev.fewbit.core.findings.SearchFindings;
import dev.fewbit.core.findings.SearchPoint;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What a search found, as text: the model beside those of one width. */
public final class SearchText {
    private SearchText() {}

    /** Prints it. */
    public static void print(Page page, SearchFindings found) {
        page.heading("Search");
        page.prose("  ", "Loss is " + found.loss() + ", all weights rounded one by one.");
        TextTable table =
                new TextTable(Column.text("WEIGHTS"), Column.number("FILE"), Column.number("LOSS"));
        List<SearchPoint> points =
                Stream.concat(found.fixed().stream(), Stream.of(found.chosen()))
                        .sorted(Comparator.comparingLong(SearchPoint::bytes).reversed())
                        .toList();
        for (SearchPoint point : points) {
            boolean chosen = point.equals(found.chosen());
            table.styledRow(
                    chosen ? List.of(Style.STRONG) : List.of(),
                    chosen ? "mixed, chosen" : "all " + point.label(),
                    Numbers.bytes(point.bytes()),
                    Numbers.significant(point.loss()));
        }
        page.table("  ", table);
    }
}
