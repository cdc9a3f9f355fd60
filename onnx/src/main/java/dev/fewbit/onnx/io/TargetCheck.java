package dev.fewbit.onnx.io;

import dev.fewbit.onnx.graph.Model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Refuses targets that cannot be written, or that are among the files the model still reads from.
 */
final class TargetCheck {
    private TargetCheck() {}

    /** Refuses a target outside of any folder, and one that is not a plain file. */
    static void requireWritable(Path target) throws OnnxWriteException {
        Path folder = target.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new OnnxWriteException(
                    target, "the folder " + folder + " does not exist", "Create it first", null);
        }
        if (Files.isDirectory(target)) {
            throw new OnnxWriteException(
                    target,
                    "this is a folder",
                    "Give the path of a file, for example " + target.resolve("model.onnx"),
                    null);
        }
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            throw new OnnxWriteException(
                    target, "this is not a regular file", "Give the path of a file", null);
        }
        if (!Files.isWritable(folder)) {
            throw new OnnxWriteException(
                    target, "the folder cannot be written to", "Check its permissions", null);
        }
    }

    /** Refuses a target that is one of the model's sources, also under another name. */
    static void requireNoSource(Path target, Model model, OutputLayout layout) throws IOException {
        if (!Files.exists(target)) {
            return;
        }
        Set<Path> sources = new LinkedHashSet<>(model.sourceFiles());
        layout.copies.forEach(copy -> sources.add(copy.source().file()));
        for (Path source : sources) {
            if (Files.exists(source) && Files.isSameFile(source, target)) {
                throw new OnnxWriteException(
                        target,
                        "it is the same file as the input "
                                + source
                                + ", which is still being read and must stay as it is",
                        "Choose another output path",
                        null);
            }
        }
    }
}
