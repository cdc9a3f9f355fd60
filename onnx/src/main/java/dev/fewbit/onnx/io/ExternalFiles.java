package dev.fewbit.onnx.io;

import dev.fewbit.onnx.graph.FileRegion;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the files in which a model keeps its external data. A model is untrusted input, so only
 * files in the model's folder or below are allowed. Where the model itself is a symbolic link, the
 * folder it points to counts as well: model caches keep a model and its data as links to a common
 * store.
 */
final class ExternalFiles {
    private final @Nullable Path model;
    private final Map<String, Located> located = new LinkedHashMap<>();

    ExternalFiles(@Nullable Path model) {
        this.model = model;
    }

    /**
     * The region of an external file.
     *
     * @param tensor name of the tensor, for messages
     * @param location relative path as the model states it
     * @param offset first byte
     * @param expected bytes that the tensor takes
     */
    FileRegion region(String tensor, String location, long offset, long expected)
            throws IOException {
        Located data = located.get(location);
        if (data == null) {
            data = locate(tensor, location);
            located.put(location, data);
        }
        if (offset < 0 || expected > data.size - offset) {
            throw new OnnxFormatException(
                    model,
                    quote(tensor)
                            + " is said to have "
                            + expected
                            + " bytes at "
                            + offset
                            + " of "
                            + data.path
                            + ", but that file has "
                            + data.size
                            + " bytes",
                    "The two files do not belong together or one is incomplete: get both again");
        }
        return new FileRegion(data.path, offset, expected);
    }

    /** The files found so far. */
    List<Path> paths() {
        List<Path> paths = new ArrayList<>(located.size());
        for (Located file : located.values()) {
            paths.add(file.path);
        }
        return paths;
    }

    private Located locate(String tensor, String location) throws IOException {
        Path file = model;
        if (file == null) {
            throw new OnnxFormatException(
                    null,
                    quote(tensor)
                            + " is in the external file "
                            + location
                            + ", but the model was read from memory",
                    "Read the model from its file instead");
        }
        Path folder = folderOf(file);
        Path path = folder.resolve(relative(file, tensor, location)).normalize();
        if (!path.startsWith(folder.normalize())) {
            throw leavesFolder(file, tensor, location);
        }
        if (!Files.exists(path)) {
            throw new OnnxFormatException(
                    file,
                    "the external data file "
                            + path
                            + " is missing; "
                            + quote(tensor)
                            + " is in it",
                    "Put it beside the model: both belong together");
        }
        if (!Files.isRegularFile(path)) {
            throw new OnnxFormatException(
                    file,
                    "the external data of "
                            + quote(tensor)
                            + " should be in the file "
                            + path
                            + ", but that is not a regular file",
                    "Get the model and its data again");
        }
        Path real = path.toRealPath();
        if (!real.startsWith(folder.toRealPath())
                && !real.startsWith(folderOf(file.toRealPath()))) {
            throw leavesFolder(file, tensor, location);
        }
        return new Located(path, Files.size(path));
    }

    private static Path relative(Path file, String tensor, String location)
            throws OnnxFormatException {
        // Models are exchanged between systems, so what is absolute or goes up on any of them is
        // refused.
        boolean climbs =
                location.startsWith("/")
                        || location.startsWith("\\")
                        || location.matches("[A-Za-z]:.*");
        for (String part : location.split("[/\\\\]", -1)) {
            climbs |= part.equals("..");
        }
        if (climbs) {
            throw leavesFolder(file, tensor, location);
        }
        try {
            if (!location.isEmpty()) {
                return Path.of(location);
            }
        } catch (InvalidPathException e) {
            throw new OnnxFormatException(
                    file,
                    "the external data of " + quote(tensor) + " has no valid file name",
                    Decoding.GET_AGAIN,
                    e);
        }
        throw new OnnxFormatException(
                file,
                "the external data of " + quote(tensor) + " has no file name",
                Decoding.GET_AGAIN);
    }

    private static OnnxFormatException leavesFolder(Path file, String tensor, String location) {
        return new OnnxFormatException(
                file,
                "the external data of "
                        + quote(tensor)
                        + " is said to be in \""
                        + location
                        + "\", outside of the model's folder, which is refused",
                "If you trust this model, move the data into the model's folder and correct the"
                        + " location");
    }

    private static String quote(String tensor) {
        return "the tensor \"" + tensor + '"';
    }

    private static Path folderOf(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return folder == null ? file.toAbsolutePath() : folder;
    }

    private record Located(Path path, long size) {}
}
