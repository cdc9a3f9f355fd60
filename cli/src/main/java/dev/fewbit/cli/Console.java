package dev.fewbit.cli;

import dev.fewbit.Progress;
import dev.fewbit.cli.terminal.Page;
import dev.fewbit.cli.terminal.ProgressBar;
import dev.fewbit.cli.terminal.Style;
import dev.fewbit.cli.terminal.Terminal;

import org.jspecify.annotations.Nullable;

import java.io.PrintStream;

/**
 * The two ways out of one invocation: the result, on standard output, and talk, on standard error.
 * With {@code --json} standard output carries one JSON document, and what people read moves to
 * standard error.
 */
public final class Console implements AutoCloseable {

    private final PrintStream out;
    private final PrintStream err;
    private final Terminal terminal;
    private final boolean json;
    private final boolean verbose;
    private @Nullable ProgressBar bar;
    private volatile String interruption = "interrupted";

    /** A console. */
    public Console(
            PrintStream out, PrintStream err, Terminal terminal, boolean json, boolean verbose) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
        this.json = json;
        this.verbose = verbose;
    }

    /** Whether the result is wanted as a JSON document. */
    public boolean json() {
        return json;
    }

    /** Whether everything is wanted: full lists, stack traces. */
    public boolean verbose() {
        return verbose;
    }

    /** Width and colours of what it leads to. */
    public Terminal terminal() {
        return terminal;
    }

    /** Standard output, for a JSON or YAML document; takes the progress bar away. */
    public PrintStream document() {
        eraseBar();
        return out;
    }

    /** Where the result is told to people. */
    public Page page() {
        eraseBar();
        return json ? page(err, terminal.errors()) : page(out, terminal.output());
    }

    /** Where everything else is told to people: standard error. The progress bar comes back. */
    public Page talk() {
        hideBar();
        // In the order in which things were said, where both lead to the same terminal.
        out.flush();
        return page(err, terminal.errors());
    }

    private Page page(PrintStream stream, boolean shown) {
        return new Page(
                stream,
                shown ? terminal.columns() : Integer.MAX_VALUE,
                shown && terminal.colours());
    }

    /** Shows how far work has come, if anybody is watching. */
    public synchronized Progress progress() {
        if (!terminal.errors()) {
            return Progress.NONE;
        }
        if (bar == null) {
            bar = new ProgressBar(err, terminal.columns(), terminal.colours());
        }
        return bar;
    }

    private synchronized void eraseBar() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }

    /** What is said in the midst of work does not end it. */
    private synchronized void hideBar() {
        if (bar != null) {
            bar.erase();
        }
    }

    /** A sentence on standard error that a person should not miss. */
    public void warn(String message) {
        talk().labelled("", Style.WARNING, "warning:", message);
    }

    /** A quality gate that was missed, on standard error. */
    public void gateMissed(String message) {
        talk().labelled("", Style.BAD, "gate missed:", message);
    }

    /** A failure on standard error. */
    void fail(String message) {
        Page talk = talk();
        boolean first = true;
        for (String line : message.lines().toList()) {
            if (first) {
                talk.labelled("", Style.BAD, "fewbit:", line);
            } else {
                talk.prose("  ", line);
            }
            first = false;
        }
    }

    /** The stack trace of a failure, if wanted. */
    void trace(Throwable failure) {
        if (verbose) {
            failure.printStackTrace(talkStream());
        }
    }

    private PrintStream talkStream() {
        hideBar();
        return err;
    }

    /** What is to be said if the user ends the work from here on. */
    public void ifInterrupted(String sentence) {
        interruption = sentence;
    }

    /** Says that the user ended the work. */
    void sayInterrupted() {
        fail(interruption);
    }

    @Override
    public void close() {
        eraseBar();
        out.flush();
        err.flush();
    }
}
