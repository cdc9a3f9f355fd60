package dev.fewbit.runtime.picture;

import dev.fewbit.runtime.picture.Resampling.Filter;

import java.util.OptionalInt;

/** How a picture comes to the size that a network takes. */
public sealed interface Sizing {

    /**
     * The picture has its size already.
     *
     * @param height rows that it must have, if they must be so many
     * @param width columns that it must have, likewise
     */
    record AsIs(OptionalInt height, OptionalInt width) implements Sizing {}

    /**
     * Stretched, whatever that does to its proportions.
     *
     * @param height rows
     * @param width columns
     */
    record Exact(int height, int width) implements Sizing {}

    /**
     * The middle is cut out, after the shorter side was brought to a length; the longer one becomes
     * {@code floor(side * longer / shorter)}. The cut begins at {@code (size - cut) / 2}, halves
     * rounded to even, as in torchvision.
     *
     * @param side length of the shorter side; empty leaves the picture as it is
     * @param height rows of the cut
     * @param width columns of the cut
     */
    record CentreCrop(OptionalInt side, int height, int width) implements Sizing {}

    /**
     * A line of text: brought to a height, {@code ceil(height * columns / rows)} wide, and padded
     * on the right with values of 0 (after normalization).
     *
     * @param height rows
     * @param minimumWidth columns that it is padded to
     * @param maximumWidth columns that it is squeezed into
     * @param multiple the padded width is a multiple of this
     */
    record Line(int height, int minimumWidth, int maximumWidth, int multiple) implements Sizing {}

    /** Resizes and cuts. */
    default Picture apply(Picture picture, Filter filter, boolean antialias)
            throws UnusablePictureException {
        return switch (this) {
            case AsIs size -> {
                requireSize(picture, size);
                yield picture;
            }
            case Exact size ->
                    Resampling.resize(picture, size.width, size.height, filter, antialias);
            case CentreCrop crop -> {
                Picture resized = picture;
                if (crop.side.isPresent()) {
                    int side = crop.side.getAsInt();
                    long shorter = Math.min(picture.width(), picture.height());
                    resized =
                            Resampling.resize(
                                    picture,
                                    (int) (side * (long) picture.width() / shorter),
                                    (int) (side * (long) picture.height() / shorter),
                                    filter,
                                    antialias);
                }
                yield cut(resized, crop);
            }
            case Line line -> {
                double ratio = (double) picture.width() / picture.height();
                int width = (int) Math.min(Math.ceil(line.height * ratio), line.maximumWidth);
                yield Resampling.resize(picture, width, line.height, filter, antialias);
            }
        };
    }

    /** Columns of the result, when the resized picture has so many. */
    default int paddedWidth(int width) {
        return switch (this) {
            case AsIs _, Exact _, CentreCrop _ -> width;
            case Line line -> {
                int least = Math.max(width, line.minimumWidth);
                yield Math.ceilDiv(least, line.multiple) * line.multiple;
            }
        };
    }

    private static void requireSize(Picture picture, AsIs size) throws UnusablePictureException {
        if (size.height.orElse(picture.height()) != picture.height()
                || size.width.orElse(picture.width()) != picture.width()) {
            throw new UnusablePictureException(
                    "the picture is "
                            + picture.width()
                            + " x "
                            + picture.height()
                            + ", the model takes "
                            + text(size.width)
                            + " x "
                            + text(size.height)
                            + " (width x height)",
                    "Say resize: exact, or crop: center, in data.yaml");
        }
    }

    private static String text(OptionalInt length) {
        return length.isPresent() ? Integer.toString(length.getAsInt()) : "any";
    }

    private static Picture cut(Picture picture, CentreCrop crop) throws UnusablePictureException {
        if (picture.width() < crop.width || picture.height() < crop.height) {
            throw new UnusablePictureException(
                    "the picture is "
                            + picture.width()
                            + " x "
                            + picture.height()
                            + " before cropping, too small to cut "
                            + crop.width
                            + " x "
                            + crop.height
                            + " (width x height) out of it",
                    "Say resize: shortest N with a larger N in data.yaml, or resize: exact");
        }
        int left = (int) Math.rint((picture.width() - crop.width) / 2.0);
        int top = (int) Math.rint((picture.height() - crop.height) / 2.0);
        return picture.crop(left, top, crop.width, crop.height);
    }
}
