package dev.fewbit.cli.terminal;

import dev.fewbit.Progress;

import java.io.PrintStream;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/**
 * One line that shows how far long work has come, and how long the rest will take once that can be
 * told. It appears only if the work takes a while, redraws a few times a second, and leaves nothing
 * behind.
 *
 * <p>Safe for use by several threads.
 */
public final class ProgressBar implements Progress, AutoCloseable {

    private static final long PATIENCE_NANOS = 200_000_000;
    private static final long REDRAW_NANOS = 80_000_000;
    private static final double NANOS = 1e9;
    private static final int WIDEST = 76;
    private static final int WIDEST_BAR = 30;

    /** A label is not shortened below this for the sake of the time that is left. */
    private static final int USEFUL_LABEL = 20;

    private static final String ERASE = "\r\u001b[2K";

    private final PrintStream stream;
    private final int columns;
    private final boolean colours;
    private final LongSupplier clock;
    private final long started;
    private final TimeLeft timeLeft = new TimeLeft();
    private long drawn;
    private boolean visible;
    private boolean closed;

    /** A bar on a terminal of the given width. */
    public ProgressBar(PrintStream stream, int columns, boolean colours) {
        this(stream, columns, colours, System::nanoTime);
    }

    /** A bar that reads the time in nanoseconds from {@code clock}. */
    ProgressBar(PrintStream stream, int columns, boolean colours, LongSupplier clock) {
        this.stream = stream;
        this.columns = columns;
        this.colours = colours;
        this.clock = clock;
        this.started = clock.getAsLong();
        this.drawn = started - REDRAW_NANOS;
    }

    @Override
    public synchronized void update(String stage, long done, long total) {
        long now = clock.getAsLong();
        timeLeft.update(stage, done, total, (now - started) / NANOS);
        if (closed || now - started < PATIENCE_NANOS || now - drawn < REDRAW_NANOS) {
            return;
        }
        drawn = now;
        visible = true;
        stream.print("\r" + line(stage, done, total, now) + "\u001b[K");
        stream.flush();
    }

    /** Never as wide as the terminal: a cursor in the last column wraps in some of them. */
    private String line(String stage, long done, long total, long now) {
        int width = Math.min(columns - 1, WIDEST);
        double seconds = (now - started) / NANOS;
        double share = total > 0 ? Math.clamp((double) done / total, 0.0, 1.0) : 0;
        String figure = total > 0 ? percent(share) : Numbers.fixed(seconds, 0) + " s";
        int bar = total > 0 ? Math.min(WIDEST_BAR, width / 3) : 0;
        int room = width - bar - figure.length() - (bar > 0 ? 2 : 1);
        String whole = Printable.of(stage);
        OptionalDouble left = timeLeft.seconds(seconds);
        if (left.isPresent()) {
            String words = "  " + TimeLeft.words(left.getAsDouble());
            if (room - words.length() >= Math.min(USEFUL_LABEL, Printable.width(whole))) {
                figure += words;
                room -= words.length();
            }
        }
        String label = Printable.shortened(whole, Math.max(1, room));
        StringBuilder text = new StringBuilder(label).append(' ');
        if (bar > 0) {
            int full = (int) Math.round(share * bar);
            text.append(Style.COMMAND.paint("━".repeat(full), colours))
                    .append(Style.FAINT.paint((colours ? "━" : "─").repeat(bar - full), colours))
                    .append(' ');
        }
        return text.append(figure).toString();
    }

    private static String percent(double share) {
        String digits = Integer.toString((int) (share * 100));
        return " ".repeat(3 - digits.length()) + digits + " %";
    }

    /** Takes the line away; it comes back with the next update. */
    public synchronized void erase() {
        if (visible) {
            stream.print(ERASE);
            stream.flush();
            visible = false;
        }
    }

    /** Takes the line away for good. */
    @Override
    public synchronized void close() {
        erase();
        closed = true;
    }
}
