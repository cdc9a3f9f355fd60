package dev.fewbit.cli.command;

import dev.fewbit.FewbitException;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Where results go, checked before any work is done. */
final class OutputFiles {

    private OutputFiles() {}

    /** The model to write. */
    static Path model(@Nullable Path output, Path model) {
        if (output == null) {
            throw new UsageException("give the file to write with -o OUT");
        }
        if (output.toString().equals("-")) {
            throw new UsageException(
                    "-o - is not possible: a model is written to a file, in parallel; give its"
                            + " path");
        }
        if (Files.isDirectory(output)) {
            Path name = model.getFileName();
            throw new UsageException(
                    "-o "
                            + output
                            + " is a folder; give a file in it, such as "
                            + output.resolve(String.valueOf(name)));
        }
        if (isSame(output, model)) {
            throw new UsageException(
                    "-o "
                            + output
                            + " is the model itself; give another file, the model is only read");
        }
        return inFolder("-o", output);
    }

    /** The report to write, if any. */
    static @Nullable Path report(@Nullable Path report) {
        if (report == null) {
            return null;
        }
        if (Files.isDirectory(report)) {
            throw new UsageException(
                    "--report "
                            + report
                            + " is a folder; give a file in it, such as "
                            + report.resolve("report.html"));
        }
        return inFolder("--report", report);
    }

    /** A file of text to write, if any: not by mistake over a model. */
    static @Nullable Path text(String option, @Nullable Path output) {
        if (output == null) {
            return null;
        }
        if (output.toString().toLowerCase(Locale.ROOT).endsWith(".onnx")) {
            throw new UsageException(
                    option
                            + " "
                            + output
                            + ": a plan is YAML, not a model; give a file such as plan.yaml, or use"
                            + " quantize");
        }
        if (Files.isDirectory(output)) {
            throw new UsageException(
                    option
                            + " "
                            + output
                            + " is a folder; give a file in it, such as "
                            + output.resolve("plan.yaml"));
        }
        return inFolder(option, output);
    }

    private static Path inFolder(String option, Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new FewbitException(
                    option
                            + " "
                            + file
                            + ": there is no folder "
                            + folder
                            + "; create it first: mkdir -p "
                            + folder);
        }
        return file;
    }

    private static boolean isSame(Path output, Path model) {
        try {
            return Files.exists(output) && Files.exists(model) && Files.isSameFile(output, model);
        } catch (java.io.IOException e) {
            // Whoever opens the files will say what is wrong with them.
            return false;
        }
    }
}
