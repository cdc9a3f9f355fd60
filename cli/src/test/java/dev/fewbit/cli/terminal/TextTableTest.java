package dev.fewbit.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.cli.terminal.TextTable.Column;

import org.junit.jupiter.api.Test;

class TextTableTest {

    private static TextTable table() {
        return new TextTable(
                        Column.text("OPERATOR"),
                        Column.name("TENSOR"),
                        Column.number("SIZE"),
                        Column.number("STD").optional())
                .row("MatMul", "encoder.layer.11.attention.output.dense.weight", "2.36 MB", "0.043")
                .row("Gather", "embeddings", "46.9 MB", "0.05");
    }

    @Test
    void nothingIsCutWhereThereIsNoWidth() {
        assertThat(table().lines(Integer.MAX_VALUE, false))
                .containsExactly(
                        "OPERATOR  TENSOR                                             SIZE    STD",
                        "MatMul    encoder.layer.11.attention.output.dense.weight  2.36 MB  0.043",
                        "Gather    embeddings                                      46.9 MB   0.05");
    }

    @Test
    void namesShrinkFirst() {
        assertThat(table().lines(50, false).getFirst())
                .startsWith("OPERATOR  TENSOR")
                .endsWith("STD");
        assertThat(table().lines(50, false).get(1))
                .startsWith("MatMul    encoder.")
                .contains("…")
                .endsWith("0.043");
    }

    @Test
    void everyLineFitsWhereItCan() {
        for (int width = 36; width < 90; width++) {
            int limit = width;
            assertThat(table().lines(width, false))
                    .allMatch(line -> Printable.width(line) <= limit);
        }
    }

    @Test
    void optionalColumnsGoWhenNamesWouldBecomeUnreadable() {
        assertThat(table().lines(40, false).getFirst()).doesNotContain("STD").contains("SIZE");
    }

    @Test
    void coloursTakeNoWidth() {
        TextTable coloured =
                new TextTable(Column.text("A"), Column.text("B"))
                        .styledRow(java.util.List.of(Style.GOOD), "x", "y");
        assertThat(coloured.lines(80, true).get(1))
                .isEqualTo("\u001b[32mx\u001b[0m  \u001b[32my\u001b[0m");
        assertThat(coloured.lines(80, false).get(1)).isEqualTo("x  y");
    }

    @Test
    void hostileNamesStayInTheirCells() {
        assertThat(new TextTable(Column.name("")).row("a\nb\u001b[0m").lines(80, false))
                .containsExactly("a\\u000ab\\u001b[0m");
    }

    @Test
    void tooManyCellsAreAMistake() {
        assertThatThrownBy(() -> new TextTable(Column.text("A")).row("1", "2"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 cells");
    }
}
