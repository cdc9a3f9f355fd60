package dev.fewbit.cli;

import dev.fewbit.FewbitException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Failures in words for the person at the keyboard. */
final class Failures {

    private Failures() {}

    /** Says what failed and returns the exit code; a stack trace only if everything is wanted. */
    static int report(Throwable failure, Console console) {
        console.fail(wording(failure));
        console.trace(failure);
        return ExitCode.FAILURE;
    }

    /** What a person should read. */
    static String wording(Throwable failure) {
        return switch (failure) {
            case FewbitException told -> String.valueOf(told.getMessage());
            case UncheckedIOException wrapped when wrapped.getCause() != null ->
                    ofInputOutput(wrapped.getCause());
            case IOException inputOutput -> ofInputOutput(inputOutput);
            case OutOfMemoryError memory ->
                    "out of memory ("
                            + memory.getMessage()
                            + "). Give the JVM more: FEWBIT_JAVA_OPTS=-Xmx8g fewbit ...";
            case UnsatisfiedLinkError link ->
                    "a native library does not load on this machine: " + link.getMessage();
            case ExceptionInInitializerError wrapper when wrapper.getCause() != null ->
                    wording(wrapper.getCause());
            default ->
                    "this is a mistake in Fewbit: "
                            + failure.getClass().getSimpleName()
                            + (failure.getMessage() == null ? "" : ": " + failure.getMessage())
                            + ".\n"
                            + "Run it again with --verbose for the stack trace, and please report"
                            + " it.";
        };
    }

    /** The exceptions of the file system carry little more than a path as their message. */
    private static String ofInputOutput(IOException failure) {
        return switch (failure) {
            case NoSuchFileException missing -> missing.getFile() + ": no such file or folder";
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case NotDirectoryException file -> file.getFile() + ": not a folder";
            case FileAlreadyExistsException exists -> exists.getFile() + ": exists already";
            case FileSystemException other when other.getReason() != null ->
                    other.getFile() + ": " + other.getReason();
            default ->
                    failure.getMessage() == null
                            ? failure.getClass().getSimpleName()
                            : failure.getMessage();
        };
    }
}
