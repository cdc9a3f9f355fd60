package dev.fewbit.cli;

/** How a process tells its caller how it went. */
public final class ExitCode {

    /** Done. */
    public static final int DONE = 0;

    /** It failed; standard error says why. */
    public static final int FAILURE = 1;

    /** The command line makes no sense; nothing was done. */
    public static final int USAGE = 2;

    /** Done, but a quality gate was missed. */
    public static final int GATE_MISSED = 3;

    /** Ended by Ctrl-C. It is the JVM that exits with it: 128 and the number of the signal. */
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
