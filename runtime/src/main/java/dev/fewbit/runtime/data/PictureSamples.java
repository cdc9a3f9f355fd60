package dev.fewbit.runtime.data;

import dev.fewbit.runtime.data.PictureDescription.Kind;
import dev.fewbit.runtime.picture.PictureDecoder;
import dev.fewbit.runtime.picture.Prepared;
import dev.fewbit.runtime.picture.Preprocessing.Layout;
import dev.fewbit.runtime.picture.Sizing;
import dev.fewbit.runtime.picture.UnusablePictureException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Pictures, decoded and prepared one at a time. Where the model's batch is fixed at B > 1, B
 * pictures make one sample.
 */
final class PictureSamples implements Samples {

    private final String name;
    private final FileTree tree;
    private final PictureDescription description;
    private final List<PictureList.Entry> entries;
    private final InputFitter fitter;
    private final int batch;
    private final Optional<TaskSettings> task;

    private PictureSamples(
            String name,
            FileTree tree,
            PictureDescription description,
            PictureList list,
            ModelInputs inputs,
            Optional<TaskSettings> task)
            throws SampleDataException {
        this.name = name;
        this.tree = tree;
        this.description = description;
        this.entries = list.entries();
        this.fitter = new InputFitter(inputs);
        this.batch = batch(description, name, entries.size());
        this.task = task;
        list.warnings().forEach(fitter::warn);
        if (entries.size() % batch != 0) {
            fitter.warn(
                    "the last "
                            + entries.size() % batch
                            + " pictures of "
                            + name
                            + " do not fill a batch of "
                            + batch
                            + " and were left out");
        }
    }

    /**
     * Opens pictures.
     *
     * @param name of the data, for people
     * @param tree where the pictures are; closed with the samples, and when this fails
     * @param fields what is said of them
     * @param inputs what the model takes
     * @param outside finds files beside {@code data.yaml}
     */
    static Samples open(
            String name, FileTree tree, YamlFields fields, ModelInputs inputs, TextFinder outside)
            throws IOException {
        try {
            PictureDescription description = PictureDescription.of(fields, inputs);
            PictureList list = PictureList.of(tree, description, outside);
            return new PictureSamples(
                    name, tree, description, list, inputs, task(tree, description, outside));
        } catch (IOException | RuntimeException failure) {
            tree.close();
            throw failure;
        }
    }

    private static Optional<TaskSettings> task(
            FileTree tree, PictureDescription description, TextFinder outside) throws IOException {
        return switch (description.kind()) {
            case NONE -> Optional.of(new TaskSettings.None());
            case CLASSIFICATION -> Optional.of(new TaskSettings.Classification());
            case CTC -> {
                Optional<List<String>> characters = Optional.empty();
                if (description.dictionary().isPresent()) {
                    String file = description.dictionary().get();
                    Optional<String> inside = tree.find(file);
                    TextFinder.Found found =
                            inside.isPresent()
                                    ? new TextFinder.Found(
                                            tree.describe(inside.get()), tree.read(inside.get()))
                                    : outside.find(file);
                    characters = Optional.of(TextFinder.lines(found.source(), found.bytes()));
                }
                TaskSettings.Ctc ctc = description.ctc();
                yield Optional.of(
                        new TaskSettings.Ctc(
                                characters,
                                ctc.blank(),
                                ctc.ignoresCase(),
                                ctc.lettersAndDigitsOnly()));
            }
        };
    }

    private static int batch(PictureDescription description, String name, int pictures)
            throws SampleDataException {
        InputSpecification input = description.input();
        long size = input.rank() == 0 ? 1 : input.dimensions().getFirst().size();
        if (size <= 1) {
            return 1;
        }
        if (description.preprocessing().sizing() instanceof Sizing.Line) {
            throw new SampleDataException(
                    name,
                    "the model takes batches of "
                            + size
                            + " pictures of one width, and data.yaml says width: keep-aspect",
                    "Give a fixed width");
        }
        if (size > pictures) {
            throw new SampleDataException(
                    name,
                    "the model takes batches of " + size + ", there are only " + pictures,
                    "Add pictures");
        }
        return (int) size;
    }

    @Override
    public String description() {
        return name + (description.folder().isEmpty() ? "" : " (" + description.folder() + ")");
    }

    @Override
    public OptionalLong count() {
        return OptionalLong.of(entries.size() / batch);
    }

    @Override
    public List<String> warnings() {
        return fitter.warnings();
    }

    @Override
    public Optional<TaskSettings> task() {
        return task;
    }

    @Override
    public void close() throws IOException {
        tree.close();
    }

    @Override
    public void visit(SampleVisitor visitor) throws IOException {
        for (int index = 0; index < entries.size() / batch; index++) {
            if (!visitor.visit(read(index))) {
                return;
            }
        }
    }

    private Sample read(int index) throws IOException {
        List<PictureList.Entry> rows = entries.subList(index * batch, (index + 1) * batch);
        float[] values = new float[0];
        long[] shape = new long[0];
        for (int i = 0; i < batch; i++) {
            Prepared prepared = prepare(rows.get(i).name());
            if (i == 0) {
                shape = shape(prepared);
                values =
                        batch == 1
                                ? prepared.values()
                                : new float[batch * prepared.values().length];
            }
            if (!Arrays.equals(shape, shape(prepared))) {
                throw new SampleDataException(
                        tree.describe(rows.get(i).name()),
                        "the pictures of one batch differ in size",
                        "Say resize: exact in data.yaml");
            }
            if (batch > 1) {
                int length = prepared.values().length;
                System.arraycopy(prepared.values(), 0, values, i * length, length);
            }
        }
        Map<String, NumberArray> found =
                Map.of(description.input().name(), NumberArray.ofFloats(values, shape));
        return new Sample(
                index, fitter.fit(tree.describe(rows.getFirst().name()), found), label(rows));
    }

    private Prepared prepare(String picture) throws IOException {
        try {
            return description.preprocessing().apply(PictureDecoder.decode(tree.read(picture)));
        } catch (UnusablePictureException unusable) {
            throw new SampleDataException(
                    tree.describe(picture), unusable.problem(), unusable.advice());
        }
    }

    private long[] shape(Prepared prepared) {
        int channels = description.preprocessing().channels().count();
        return description.preprocessing().layout() == Layout.NCHW
                ? new long[] {batch, channels, prepared.height(), prepared.width()}
                : new long[] {batch, prepared.height(), prepared.width(), channels};
    }

    private Optional<Label> label(List<PictureList.Entry> rows) {
        if (description.kind() == Kind.NONE) {
            return Optional.empty();
        }
        if (description.kind() == Kind.CLASSIFICATION) {
            return Optional.of(
                    new Label.Classes(rows.stream().map(PictureList.Entry::number).toList()));
        }
        List<String> texts = new ArrayList<>();
        rows.forEach(row -> texts.add(row.label().orElse("")));
        return Optional.of(new Label.Texts(texts));
    }
}
