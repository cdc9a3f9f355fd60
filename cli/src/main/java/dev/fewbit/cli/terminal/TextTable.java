package dev.fewbit.cli.terminal;

import java.util.ArrayList;
import java.util.List;

/**
 * A table of text that fits the terminal: the columns that may shrink lose the middle of their
 * cells, and if that is not enough, the columns that may be dropped go, last ones first.
 */
public final class TextTable {

    /** Between two columns. */
    private static final String GAP = "  ";

    /** No cell is cut to fewer characters than this. */
    private static final int NARROWEST_CELL = 8;

    /** A row of this style stands out. */
    private record Row(List<String> cells, List<Style> styles) {}

    /**
     * One column.
     *
     * @param title its heading
     * @param right whether its cells are aligned at the right, as numbers are
     * @param shrinks whether its cells may be cut to make the table fit
     * @param droppable whether the column may be left out to make the table fit
     */
    public record Column(String title, boolean right, boolean shrinks, boolean droppable) {
        /** Text that stays whole. */
        public static Column text(String title) {
            return new Column(title, false, false, false);
        }

        /** Text that may be cut. */
        public static Column name(String title) {
            return new Column(title, false, true, false);
        }

        /** A number. */
        public static Column number(String title) {
            return new Column(title, true, false, false);
        }

        /** The same column, but it may be left out. */
        public Column optional() {
            return new Column(title, right, shrinks, true);
        }
    }

    private final List<Column> columns;
    private final List<Row> rows = new ArrayList<>();

    /** A table without rows. */
    public TextTable(Column... columns) {
        this.columns = List.of(columns);
    }

    /** Adds a row; cells beyond the given ones are empty. */
    public TextTable row(Object... cells) {
        return styledRow(List.of(), cells);
    }

    /** Adds a row that stands out. */
    public TextTable styledRow(List<Style> styles, Object... cells) {
        if (cells.length > columns.size()) {
            throw new IllegalArgumentException(
                    "a row has "
                            + cells.length
                            + " cells, but the table has "
                            + columns.size()
                            + " columns");
        }
        List<String> texts = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            texts.add(i < cells.length ? Printable.of(cells[i].toString()) : "");
        }
        rows.add(new Row(List.copyOf(texts), styles));
        return this;
    }

    /** Whether there are no rows. */
    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /**
     * The lines of the table.
     *
     * @param available characters in a line, or {@link Integer#MAX_VALUE} to cut nothing
     * @param colours whether to colour
     */
    public List<String> lines(int available, boolean colours) {
        List<Integer> shown = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            shown.add(i);
        }
        int[] widths = naturalWidths();
        for (int i = columns.size() - 1; i >= 0; i--) {
            int last = i;
            if (columns.get(i).droppable() && excess(shown, widths, available, true) > 0) {
                shown.removeIf(column -> column == last);
            }
        }
        shrink(shown, widths, available);

        List<String> lines = new ArrayList<>(rows.size() + 1);
        List<String> titles = columns.stream().map(Column::title).toList();
        if (titles.stream().anyMatch(title -> !title.isEmpty())) {
            lines.add(line(new Row(titles, List.of(Style.FAINT)), shown, widths, colours));
        }
        for (Row row : rows) {
            lines.add(line(row, shown, widths, colours));
        }
        return lines;
    }

    private int[] naturalWidths() {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Printable.width(columns.get(i).title());
            for (Row row : rows) {
                widths[i] = Math.max(widths[i], Printable.width(row.cells().get(i)));
            }
        }
        return widths;
    }

    /** Characters too many, with shrinking columns at their narrowest if {@code shrunk}. */
    private int excess(List<Integer> shown, int[] widths, int available, boolean shrunk) {
        long total = (long) GAP.length() * Math.max(0, shown.size() - 1);
        for (int i : shown) {
            total +=
                    shrunk && columns.get(i).shrinks()
                            ? Math.min(widths[i], comfortable(i))
                            : widths[i];
        }
        return (int) Math.max(0, total - available);
    }

    /** Width below which another column is rather left out than this one cut further. */
    private int comfortable(int column) {
        return columns.get(column).droppable() ? NARROWEST_CELL : 2 * NARROWEST_CELL;
    }

    /** Takes one character at a time from the widest column that shrinks. */
    private void shrink(List<Integer> shown, int[] widths, int available) {
        for (int excess = excess(shown, widths, available, false); excess > 0; excess--) {
            int widest = -1;
            for (int i : shown) {
                if (columns.get(i).shrinks()
                        && widths[i] > NARROWEST_CELL
                        && (widest < 0 || widths[i] > widths[widest])) {
                    widest = i;
                }
            }
            if (widest < 0) {
                return;
            }
            widths[widest]--;
        }
    }

    private String line(Row row, List<Integer> shown, int[] widths, boolean colours) {
        StringBuilder line = new StringBuilder();
        for (int position = 0; position < shown.size(); position++) {
            int i = shown.get(position);
            String cell = Printable.shortened(row.cells().get(i), widths[i]);
            String padding = " ".repeat(widths[i] - Printable.width(cell));
            boolean last = position == shown.size() - 1;
            line.append(position == 0 ? "" : GAP);
            if (columns.get(i).right()) {
                line.append(padding).append(painted(row, i, cell, colours));
            } else {
                line.append(painted(row, i, cell, colours)).append(last ? "" : padding);
            }
        }
        int end = line.length();
        while (end > 0 && line.charAt(end - 1) == ' ') {
            end--;
        }
        return line.substring(0, end);
    }

    /** One style is for the whole row, several are for one cell each. */
    private static String painted(Row row, int column, String cell, boolean colours) {
        List<Style> styles = row.styles();
        if (styles.isEmpty()) {
            return cell;
        }
        return styles.get(Math.min(column, styles.size() - 1)).paint(cell, colours);
    }
}
