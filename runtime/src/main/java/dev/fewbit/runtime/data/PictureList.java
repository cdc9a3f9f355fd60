package dev.fewbit.runtime.data;

import dev.fewbit.runtime.data.PictureDescription.Kind;
import dev.fewbit.runtime.data.PictureDescription.LabelPlace;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Which pictures there are, in which order, and what they are labelled: the order of the list of
 * labels if there is one, sorted names otherwise.
 */
final class PictureList {

    /**
     * One picture.
     *
     * @param name its name in the tree
     * @param label its label as text; empty when it has none
     * @param number its class, where labels are classes
     */
    record Entry(String name, Optional<String> label, long number) {}

    private static final List<String> SUFFIXES = List.of(".jpg", ".jpeg", ".png", ".bmp");

    private final FileTree tree;
    private final PictureDescription description;
    private final List<Entry> entries = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private PictureList(FileTree tree, PictureDescription description) {
        this.tree = tree;
        this.description = description;
    }

    /**
     * Lists.
     *
     * @param tree where the pictures are
     * @param description which of them are wanted, and where the labels are
     * @param outside finds a file beside {@code data.yaml}
     */
    static PictureList of(FileTree tree, PictureDescription description, TextFinder outside)
            throws IOException {
        PictureList list = new PictureList(tree, description);
        LabelPlace labels = description.labels();
        if (!labels.file().isEmpty()) {
            list.byFile(labels, outside);
        } else if (labels.folders()) {
            list.byFolders();
        } else {
            for (String name : list.pictures()) {
                list.entries.add(new Entry(name, Optional.empty(), 0));
            }
        }
        if (list.entries.isEmpty()) {
            throw new SampleDataException(
                    tree.describe(description.folder().isEmpty() ? "*" : description.folder()),
                    "there are no pictures (.jpg, .png, .bmp)"
                            + (labels.file().isEmpty()
                                    ? ""
                                    : " that " + labels.file() + " gives labels"),
                    "Check the folder that data.yaml names");
        }
        return list;
    }

    List<Entry> entries() {
        return List.copyOf(entries);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    private boolean isWanted(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return isInside(name) && SUFFIXES.stream().anyMatch(lower::endsWith);
    }

    private boolean isInside(String name) {
        return description.folder().isEmpty() || name.startsWith(description.folder() + "/");
    }

    private List<String> pictures() {
        return tree.names().stream().filter(this::isWanted).toList();
    }

    private void byFolders() throws SampleDataException {
        List<String> pictures = pictures();
        TreeSet<String> classes = new TreeSet<>();
        for (String name : pictures) {
            classes.add(parent(name));
        }
        List<String> sorted = List.copyOf(classes);
        for (String name : pictures) {
            String label = parent(name);
            long number = sorted.indexOf(label) + (long) description.labels().offset();
            entries.add(new Entry(name, Optional.of(label), number));
        }
    }

    /** The folder that a picture lies in, directly inside the one that is looked at. */
    private String parent(String name) throws SampleDataException {
        String inside =
                description.folder().isEmpty()
                        ? name
                        : name.substring(description.folder().length() + 1);
        int slash = inside.indexOf('/');
        if (slash < 0) {
            throw new SampleDataException(
                    tree.describe(name),
                    "the labels are the folders' names, but this picture lies in none",
                    "Move it into the folder of its class, or name a list: labels: labels.tsv");
        }
        return inside.substring(0, slash);
    }

    private void byFile(LabelPlace place, TextFinder outside) throws IOException {
        Optional<String> inside = tree.find(place.file());
        String source;
        byte[] bytes;
        String base = "";
        if (inside.isPresent()) {
            source = tree.describe(inside.get());
            bytes = tree.read(inside.get());
            base = inside.get().substring(0, inside.get().lastIndexOf('/') + 1);
        } else {
            TextFinder.Found found = outside.find(place.file());
            source = found.source();
            bytes = found.bytes();
        }
        try (DelimitedText text =
                new DelimitedText(
                        new TextLines(source, new ByteArrayInputStream(bytes)),
                        DelimitedText.hasTabs(place.file()))) {
            Optional<DelimitedText.Row> row = text.next();
            boolean first = true;
            while (row.isPresent()) {
                add(source, base, row.get(), first);
                first = false;
                row = text.next();
            }
        }
        long unlabelled = (long) pictures().size() - entries.size();
        if (unlabelled > 0) {
            warnings.add(
                    unlabelled
                            + (unlabelled == 1 ? " picture has" : " pictures have")
                            + " no label in "
                            + place.file()
                            + (unlabelled == 1 ? " and was left out" : " and were left out"));
        }
    }

    private void add(String source, String base, DelimitedText.Row row, boolean first)
            throws SampleDataException {
        String where = source + " line " + row.line();
        String file = row.cells().getFirst().strip().replace('\\', '/');
        Optional<String> name = tree.find(base + file).or(() -> tree.find(file));
        if (name.isEmpty()) {
            // A line of titles names no picture.
            if (first && SUFFIXES.stream().noneMatch(file.toLowerCase(Locale.ROOT)::endsWith)) {
                return;
            }
            throw new SampleDataException(
                    where,
                    "there is no picture '" + file + "' in " + tree.describe("").strip(),
                    "Name each picture as it lies there, folders included");
        }
        if (!isInside(name.get())) {
            return;
        }
        int column = description.labels().column();
        if (row.cells().size() <= column) {
            throw new SampleDataException(
                    where,
                    "the label is expected in column "
                            + (column + 1)
                            + ", the line has "
                            + row.cells().size(),
                    "Separate columns by tabs (by commas in .csv), or set label-column");
        }
        String label = row.cells().get(column);
        long number =
                description.kind() == Kind.CLASSIFICATION
                        ? number(where, label) + description.labels().offset()
                        : 0;
        entries.add(new Entry(name.get(), Optional.of(label), number));
    }

    private static long number(String where, String label) throws SampleDataException {
        try {
            return Long.parseLong(label.strip());
        } catch (NumberFormatException notANumber) {
            throw new SampleDataException(
                    where,
                    "a class number is expected, got '" + label + "'",
                    "Set label-column to the column that holds class numbers, from 0");
        }
    }
}
