package dev.fewbit.runtime.data;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Files by name, in a folder and those inside it, or in a zip archive. */
abstract sealed class FileTree implements Closeable {

    /** Far above any picture or list; a file this large is something else. */
    private static final long MOST_BYTES = 1L << 28;

    private final Path place;
    private final NavigableSet<String> names;
    private final Map<String, List<String>> lastNames = new HashMap<>();

    private FileTree(Path place, Stream<String> names) {
        this.place = place;
        this.names =
                names.filter(name -> !isHidden(name))
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Opens a folder or an archive.
     *
     * @throws SampleDataException if it is neither
     */
    static FileTree open(Path place) throws IOException {
        if (Files.isDirectory(place)) {
            try (Stream<Path> all = Files.walk(place, FileVisitOption.FOLLOW_LINKS)) {
                return new Folder(place, all.filter(Files::isRegularFile));
            }
        }
        try {
            return new Archive(place, new ZipFile(place.toFile()));
        } catch (ZipException | EOFException malformed) {
            throw new SampleDataException(
                    place.toString(),
                    "this is neither a folder nor a zip archive, or the archive is truncated"
                            + NpyHeader.detail(malformed),
                    "Name a folder or a .zip of pictures");
        }
    }

    /** Names with slashes, sorted; hidden files and those of hidden folders are left out. */
    List<String> names() {
        return List.copyOf(names);
    }

    /** Whether there is a file of that name. */
    boolean has(String name) {
        return names.contains(name);
    }

    /** The whole content of a file that is there. */
    abstract byte[] read(String name) throws IOException;

    /** A file's name for messages. */
    String describe(String name) {
        return place + ": " + name;
    }

    /**
     * Finds a file by its full name, or else by the end of its name, if there is one only.
     *
     * @param name what is looked for
     */
    Optional<String> find(String name) {
        if (has(name)) {
            return Optional.of(name);
        }
        List<String> similar =
                byLastName().getOrDefault(lastName(name), List.of()).stream()
                        .filter(candidate -> candidate.endsWith("/" + name))
                        .toList();
        return similar.size() == 1 ? Optional.of(similar.getFirst()) : Optional.empty();
    }

    private Map<String, List<String>> byLastName() {
        if (lastNames.isEmpty()) {
            for (String name : names()) {
                lastNames.computeIfAbsent(lastName(name), key -> new ArrayList<>()).add(name);
            }
        }
        return lastNames;
    }

    private static String lastName(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    private static boolean isHidden(String name) {
        return name.startsWith(".") || name.contains("/.") || name.startsWith("__MACOSX/");
    }

    byte[] limited(String name, InputStream in) throws IOException {
        byte[] bytes = in.readNBytes((int) MOST_BYTES);
        if (bytes.length == MOST_BYTES) {
            throw new SampleDataException(
                    describe(name), "the file is larger than 256 MiB", "Take it out");
        }
        return bytes;
    }

    private static final class Folder extends FileTree {
        private final Path folder;

        Folder(Path folder, Stream<Path> files) {
            super(folder, files.map(file -> nameIn(folder, file)));
            this.folder = folder;
        }

        private static String nameIn(Path folder, Path file) {
            return folder.relativize(file).toString().replace('\\', '/');
        }

        @Override
        byte[] read(String name) throws IOException {
            try (InputStream in = Files.newInputStream(folder.resolve(name))) {
                return limited(name, in);
            }
        }

        @Override
        public void close() {}
    }

    private static final class Archive extends FileTree {
        private final ZipFile zip;

        Archive(Path file, ZipFile zip) {
            super(file, zip.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName));
            this.zip = zip;
        }

        @Override
        byte[] read(String name) throws IOException {
            ZipEntry entry = zip.getEntry(name);
            if (entry == null) {
                throw new SampleDataException(
                        describe(name), "there is no such file", "Check the name");
            }
            try (InputStream in = zip.getInputStream(entry)) {
                return limited(name, in);
            } catch (ZipException | EOFException corrupt) {
                throw new SampleDataException(
                        describe(name),
                        "the entry is corrupt" + NpyHeader.detail(corrupt),
                        "Make the archive again");
            }
        }

        @Override
        public void close() throws IOException {
            zip.close();
        }
    }
}
