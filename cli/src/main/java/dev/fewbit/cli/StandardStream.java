package dev.fewbit.cli;

import org.jspecify.annotations.Nullable;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Standard output or standard error that remembers the first failure. A {@link PrintStream} forgets
 * why it failed, but a reader that has seen enough ({@code | head}) is no failure, and a full disk
 * is one.
 */
final class StandardStream extends OutputStream {

    private static final int BUFFER = 8192;

    private final FileOutputStream target;
    private final PrintStream printer;
    private volatile @Nullable IOException failure;

    /**
     * A stream.
     *
     * @param atOnce whether every line is to be seen at once; a result may wait until there is more
     */
    StandardStream(FileDescriptor descriptor, boolean atOnce) {
        target = new FileOutputStream(descriptor);
        String encoding = System.getProperty("stdout.encoding");
        Charset charset =
                encoding == null
                        ? StandardCharsets.UTF_8
                        : Charset.forName(encoding, StandardCharsets.UTF_8);
        printer = new PrintStream(new BufferedOutputStream(this, BUFFER), atOnce, charset);
    }

    PrintStream printer() {
        return printer;
    }

    @Override
    public void write(int single) {
        write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (failure != null) {
            return;
        }
        try {
            target.write(bytes, offset, length);
        } catch (IOException e) {
            failure = e;
        }
    }

    /**
     * The exit code, which is a failure if the result did not arrive and somebody still wanted it.
     */
    int checked(int code, PrintStream err) {
        printer.flush();
        IOException lost = failure;
        if (lost == null || isBrokenPipe(lost)) {
            return code;
        }
        err.println("fewbit: cannot write to standard output: " + lost.getMessage());
        err.flush();
        return code == ExitCode.DONE ? ExitCode.FAILURE : code;
    }

    /** The system says it in the user's language, with the English word somewhere in it. */
    private static boolean isBrokenPipe(IOException failure) {
        return String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains("pipe");
    }
}
