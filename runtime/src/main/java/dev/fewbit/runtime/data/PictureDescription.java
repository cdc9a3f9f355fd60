package dev.fewbit.runtime.data;

import dev.fewbit.runtime.picture.Preprocessing;
import dev.fewbit.runtime.picture.Preprocessing.Channels;
import dev.fewbit.runtime.picture.Preprocessing.Layout;
import dev.fewbit.runtime.picture.Resampling.Filter;
import dev.fewbit.runtime.picture.Sizing;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What {@code data.yaml} says of pictures, completed by what the model says of its input.
 *
 * @param input the model input that takes the pictures
 * @param preprocessing what happens to a picture
 * @param folder only pictures whose names begin with this and a slash; empty for all
 * @param labels where the labels are
 * @param kind what the labels are for
 * @param dictionary file with the characters, one a line
 * @param ctc how text is compared; its dictionary is not filled in yet
 */
record PictureDescription(
        InputSpecification input,
        Preprocessing preprocessing,
        String folder,
        LabelPlace labels,
        Kind kind,
        Optional<String> dictionary,
        TaskSettings.Ctc ctc) {

    /** Names of all fields, for messages. */
    static final List<String> FIELDS =
            List.of(
                    "images",
                    "folder",
                    "input",
                    "height",
                    "width",
                    "minimum-width",
                    "maximum-width",
                    "width-multiple",
                    "resize",
                    "filter",
                    "antialias",
                    "crop",
                    "layout",
                    "channels",
                    "scale",
                    "mean",
                    "std",
                    "task",
                    "labels",
                    "label-column",
                    "label-offset",
                    "dictionary",
                    "blank",
                    "ignore-case",
                    "letters-and-digits-only",
                    "augment-flip",
                    "augment-crop");

    /** Words of switches. */
    static final Map<String, Boolean> YES_OR_NO = Map.of("true", true, "false", false);

    private static final int WIDEST = 1 << 16;

    /** What labels are for. */
    enum Kind {
        NONE,
        CLASSIFICATION,
        CTC
    }

    /**
     * Where labels are.
     *
     * @param file name of a file, or empty when there is none
     * @param folders whether the names of the folders, sorted, are the classes
     * @param column column of the file that holds the label, from 0
     * @param offset added to class numbers
     */
    record LabelPlace(String file, boolean folders, int column, int offset) {}

    static PictureDescription of(YamlFields fields, ModelInputs inputs) throws SampleDataException {
        InputSpecification input = input(fields, inputs);
        Layout layout =
                fields.choice(
                        "layout", Map.of("nchw", Layout.NCHW, "nhwc", Layout.NHWC), layout(input));
        int channelAxis = layout == Layout.NCHW ? 1 : 3;
        int heightAxis = layout == Layout.NCHW ? 2 : 1;
        Channels channels =
                fields.choice(
                        "channels",
                        Map.of("rgb", Channels.RGB, "bgr", Channels.BGR, "gray", Channels.GRAY),
                        size(input, channelAxis).orElse(3) == 1 ? Channels.GRAY : Channels.RGB);
        Preprocessing preprocessing =
                preprocessing(
                        fields,
                        sizing(fields, size(input, heightAxis), size(input, heightAxis + 1)),
                        layout,
                        channels);
        String folder = Objects.requireNonNullElse(fields.text("folder"), "");
        Kind kind =
                fields.choice(
                        "task",
                        Map.of(
                                "none",
                                Kind.NONE,
                                "classification",
                                Kind.CLASSIFICATION,
                                "ctc",
                                Kind.CTC),
                        Kind.NONE);
        LabelPlace labels = labels(fields);
        if (kind != Kind.NONE && labels.file().isEmpty() && !labels.folders()) {
            throw fields.complaint("the task needs labels; say labels: labels.tsv, or folders");
        }
        Optional<String> dictionary =
                Optional.ofNullable(fields.text("dictionary"))
                        .filter(name -> !name.equals("model"));
        TaskSettings.Ctc ctc =
                new TaskSettings.Ctc(
                        Optional.empty(),
                        fields.integer("blank", 0).orElse(0),
                        fields.choice("ignore-case", YES_OR_NO, false),
                        fields.choice("letters-and-digits-only", YES_OR_NO, false));
        fields.end(FIELDS);
        return new PictureDescription(
                input,
                preprocessing,
                folder.endsWith("/") ? folder.substring(0, folder.length() - 1) : folder,
                labels,
                kind,
                dictionary,
                ctc);
    }

    private static LabelPlace labels(YamlFields fields) throws SampleDataException {
        String file = Objects.requireNonNullElse(fields.text("labels"), "");
        boolean folders = file.equals("folders");
        return new LabelPlace(
                folders ? "" : file,
                folders,
                fields.integer("label-column", 1).orElse(2) - 1,
                fields.integer("label-offset", -1_000_000).orElse(0));
    }

    private static InputSpecification input(YamlFields fields, ModelInputs inputs)
            throws SampleDataException {
        String name = fields.text("input");
        if (name != null) {
            return inputs.find(name)
                    .orElseThrow(
                            () ->
                                    fields.complaint(
                                            "the model has no input '"
                                                    + name
                                                    + "'; it takes "
                                                    + inputs.describe()));
        }
        List<InputSpecification> candidates =
                inputs.inputs().stream()
                        .filter(input -> input.rank() == 4 || input.rank() == 0)
                        .toList();
        if (candidates.size() != 1) {
            throw fields.complaint(
                    "the model has "
                            + candidates.size()
                            + " inputs that could take pictures (four axes); it takes "
                            + inputs.describe()
                            + (candidates.isEmpty() ? "" : ". Say which: input: NAME"));
        }
        return candidates.getFirst();
    }

    private static OptionalInt size(InputSpecification input, int axis) {
        if (input.rank() != 4 || input.dimensions().get(axis).isFree()) {
            return OptionalInt.empty();
        }
        return OptionalInt.of((int) input.dimensions().get(axis).size());
    }

    private static Layout layout(InputSpecification input) {
        int last = size(input, 3).orElse(0);
        int second = size(input, 1).orElse(0);
        boolean lastIsChannels = (last == 3 || last == 1) && second != 3 && second != 1;
        return lastIsChannels ? Layout.NHWC : Layout.NCHW;
    }

    private static Sizing sizing(YamlFields fields, OptionalInt modelHeight, OptionalInt modelWidth)
            throws SampleDataException {
        OptionalInt height = fields.integer("height", 1);
        height = height.isPresent() ? height : modelHeight;
        if (fields.consumeIf("width", "keep-aspect")) {
            if (height.isEmpty()) {
                throw fields.complaint("width: keep-aspect needs a height");
            }
            int least = fields.integer("minimum-width", 1).orElse(1);
            return new Sizing.Line(
                    height.getAsInt(),
                    least,
                    fields.integer("maximum-width", least).orElse(WIDEST),
                    fields.integer("width-multiple", 1).orElse(1));
        }
        OptionalInt width = fields.integer("width", 1);
        width = width.isPresent() ? width : modelWidth;
        String resize = fields.text("resize");
        boolean crop = fields.choice("crop", Map.of("center", true, "none", false), false);
        OptionalInt side = OptionalInt.empty();
        if (resize != null && resize.toLowerCase(Locale.ROOT).matches("shortest +[1-9]\\d{0,5}")) {
            side = OptionalInt.of(Integer.parseInt(resize.replaceAll("\\D", "")));
        } else if (resize != null && !resize.equals("exact") && !resize.equals("none")) {
            throw fields.complaint(
                    "'resize' takes exact, none or shortest N, got '" + resize + "'");
        }
        if ("none".equals(resize) && !crop) {
            return new Sizing.AsIs(height, width);
        }
        if (height.isEmpty() || width.isEmpty()) {
            throw fields.complaint(
                    "the model does not say how large pictures must be; give height and width");
        }
        return side.isPresent() || (crop && !"exact".equals(resize))
                ? new Sizing.CentreCrop(side, height.getAsInt(), width.getAsInt())
                : new Sizing.Exact(height.getAsInt(), width.getAsInt());
    }

    private static Preprocessing preprocessing(
            YamlFields fields, Sizing sizing, Layout layout, Channels channels)
            throws SampleDataException {
        List<Double> deviation = fields.numbers("std", channels.count(), 1);
        if (deviation.contains(0.0)) {
            throw fields.complaint("'std' must not be 0");
        }
        return new Preprocessing(
                sizing,
                fields.choice(
                        "filter",
                        Map.of("bilinear", Filter.BILINEAR, "bicubic", Filter.BICUBIC),
                        Filter.BILINEAR),
                fields.choice("antialias", YES_OR_NO, true),
                layout,
                channels,
                fields.number("scale", 1.0 / 255),
                fields.numbers("mean", channels.count(), 0),
                deviation);
    }
}
