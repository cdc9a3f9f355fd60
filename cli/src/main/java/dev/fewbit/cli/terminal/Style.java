package dev.fewbit.cli.terminal;

/** How words stand out in a terminal. */
public enum Style {
    /** Headlines and the figures that matter. */
    STRONG("1"),
    /** What may be passed over. */
    FAINT("2"),
    /** Good news. */
    GOOD("32"),
    /** Look here. */
    WARNING("33"),
    /** Bad news. */
    BAD("31"),
    /** Things to type. */
    COMMAND("36");

    private static final char ESCAPE = '\u001b';

    private final String code;

    Style(String code) {
        this.code = code;
    }

    /** The text in this style, or as it is where colours are not wanted. */
    public String paint(String text, boolean colours) {
        return colours && !text.isEmpty()
                ? ESCAPE + "[" + code + "m" + text + ESCAPE + "[0m"
                : text;
    }
}
