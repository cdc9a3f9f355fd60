package dev.fewbit.cli.command;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ParseResult;

import java.nio.file.Path;
import java.util.List;

/** What was given on the command line, checked for range. */
public final class Arguments {

    private final ParseResult parsed;

    /** Wraps what picocli understood. */
    public Arguments(ParseResult parsed) {
        this.parsed = parsed;
    }

    /** Whether the option was given. */
    public boolean has(String option) {
        return parsed.hasMatchedOption(option);
    }

    /** The value of an option, or {@code null} if it was not given. */
    public @Nullable String text(String option) {
        return has(option) ? parsed.matchedOptionValue(option, "") : null;
    }

    /** The file that an option names, or {@code null} if it was not given. */
    public @Nullable Path path(String option) {
        String text = text(option);
        return text == null ? null : toPath(option, text);
    }

    /** The files that an option names that may be given several times. */
    public List<Path> paths(String option) {
        if (!has(option)) {
            return List.of();
        }
        List<String> texts = parsed.matchedOptionValue(option, List.of());
        return texts.stream().map(text -> toPath(option, text)).toList();
    }

    /** The file that the positional argument at an index names. */
    public Path positional(int index, String label) {
        String text = optionalPositional(index);
        if (text == null) {
            throw new UsageException(label + " is missing");
        }
        return toPath(label, text);
    }

    /** The positional argument at an index as text, or {@code null} if it was not given. */
    public @Nullable String optionalPositional(int index) {
        return parsed.hasMatchedPositional(index) ? parsed.matchedPositionalValue(index, "") : null;
    }

    private static Path toPath(String label, String text) {
        if (text.isEmpty()) {
            throw new UsageException(label + " is empty; give the path of a file");
        }
        try {
            return Path.of(text);
        } catch (java.nio.file.InvalidPathException e) {
            throw new UsageException(label + ": '" + text + "' is not a path: " + e.getReason(), e);
        }
    }

    /**
     * A whole number of at least {@code least}, or {@code otherwise} if the option was not given.
     */
    public int number(String option, int least, int otherwise) {
        String text = text(option);
        if (text == null) {
            return otherwise;
        }
        try {
            int value = Integer.parseInt(text);
            if (value >= least) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new UsageException(option + " takes a whole number, got '" + text + "'", e);
        }
        throw new UsageException(option + " takes a number of at least " + least + ", got " + text);
    }

    /** A seed, or {@code otherwise} if the option was not given. */
    public long seed(String option, long otherwise) {
        String text = text(option);
        if (text == null) {
            return otherwise;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new UsageException(
                    option + " takes a whole number of 64 bits, got '" + text + "'", e);
        }
    }

    /** A real number, or not-a-number if the option was not given. */
    public double real(String option) {
        String text = text(option);
        if (text == null) {
            return Double.NaN;
        }
        try {
            double value = Double.parseDouble(text);
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new UsageException(option + " takes a number, got '" + text + "'", e);
        }
        throw new UsageException(option + " takes a finite number, got '" + text + "'");
    }
}
