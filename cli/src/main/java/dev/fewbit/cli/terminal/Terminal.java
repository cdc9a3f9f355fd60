package dev.fewbit.cli.terminal;

import org.jspecify.annotations.Nullable;

import java.util.function.Function;

/**
 * What standard output and standard error lead to.
 *
 * @param output whether standard output is a terminal
 * @param errors whether standard error is a terminal
 * @param columns width of that terminal in characters, at least {@value #NARROWEST}
 * @param colours whether colours are wanted
 */
public record Terminal(boolean output, boolean errors, int columns, boolean colours) {

    /** Nobody lays anything out in fewer columns than this. */
    public static final int NARROWEST = 20;

    private static final int USUAL = 80;

    /** Files and pipes: no colours, no progress bars, nothing cut to a width. */
    public static final Terminal NONE = new Terminal(false, false, USUAL, false);

    /** Mends widths that make no sense. */
    public Terminal {
        columns = columns < 1 ? USUAL : Math.max(NARROWEST, columns);
    }

    /**
     * Decides from what the process was given. The launcher knows best, because a shell can ask the
     * terminal at no cost: it sets {@code fewbit.terminal} to any of {@code out} and {@code err},
     * and {@code fewbit.columns} to the width. Without it, the JVM can only say whether a person
     * sits at both ends.
     *
     * @param property looks up a system property
     * @param environment looks up an environment variable: {@code COLUMNS}, {@code NO_COLOR} (any
     *     text but an empty one switches colours off, as on no-color.org) and {@code TERM}
     * @param interactive asked only if the launcher said nothing: whether the JVM has a console
     */
    public static Terminal detect(
            Function<String, @Nullable String> property,
            Function<String, @Nullable String> environment,
            java.util.function.BooleanSupplier interactive) {
        String said = property.apply("fewbit.terminal");
        boolean output;
        boolean errors;
        if (said == null) {
            output = interactive.getAsBoolean();
            errors = output;
        } else {
            output = said.contains("out");
            errors = said.contains("err");
        }
        int columns = number(property.apply("fewbit.columns"));
        if (columns < 1) {
            columns = number(environment.apply("COLUMNS"));
        }
        String noColour = environment.apply("NO_COLOR");
        boolean plain =
                (noColour != null && !noColour.isEmpty())
                        || "dumb".equals(environment.apply("TERM"));
        return new Terminal(output, errors, columns, !plain);
    }

    private static int number(@Nullable String text) {
        if (text == null || text.isEmpty() || text.length() > 6) {
            return 0;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return 0;
            }
        }
        return Integer.parseInt(text);
    }
}
