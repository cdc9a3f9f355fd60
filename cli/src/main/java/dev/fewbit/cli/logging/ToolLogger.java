package dev.fewbit.cli.logging;

import org.jspecify.annotations.Nullable;

import java.text.MessageFormat;
import java.util.ResourceBundle;
import java.util.function.Consumer;

/** A logger that talks to the person at the keyboard. */
public final class ToolLogger implements System.Logger {

    private static final String OWN = "dev.fewbit";

    private static volatile Level least = Level.WARNING;
    private static volatile Consumer<String> listener = message -> {};

    private final String name;

    ToolLogger(String name) {
        this.name = name;
    }

    /**
     * Says where messages go from now on.
     *
     * @param level the least that is worth telling
     * @param talk takes a sentence
     */
    public static void direct(Level level, Consumer<String> talk) {
        least = level;
        listener = talk;
    }

    @Override
    public String getName() {
        return name;
    }

    /** Of what goes on in the JDK and in libraries, only warnings are worth telling. */
    @Override
    public boolean isLoggable(Level level) {
        int floor = least.getSeverity();
        if (!name.startsWith(OWN)) {
            floor = Math.max(floor, Level.WARNING.getSeverity());
        }
        return level != Level.OFF && level.getSeverity() >= floor;
    }

    @Override
    public void log(
            Level level,
            @Nullable ResourceBundle bundle,
            @Nullable String message,
            @Nullable Throwable thrown) {
        if (isLoggable(level)) {
            String reason = thrown == null ? "" : " (" + thrown + ")";
            listener.accept(translated(bundle, message) + reason);
        }
    }

    @Override
    public void log(
            Level level,
            @Nullable ResourceBundle bundle,
            @Nullable String format,
            @Nullable Object @Nullable ... parameters) {
        if (isLoggable(level)) {
            String message = translated(bundle, format);
            boolean plain = parameters == null || parameters.length == 0;
            listener.accept(plain ? message : MessageFormat.format(message, parameters));
        }
    }

    private static String translated(@Nullable ResourceBundle bundle, @Nullable String message) {
        if (message == null) {
            return "";
        }
        return bundle != null && bundle.containsKey(message) ? bundle.getString(message) : message;
    }
}
