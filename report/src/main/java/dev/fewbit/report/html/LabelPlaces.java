package dev.fewbit.report.html;

import java.util.ArrayList;
import java.util.List;

/** Finds places for labels of points in a drawing, such that they do not cover each other. */
final class LabelPlaces {

    /** Pixels for a character, of the drawing's face and size. */
    private static final double CHARACTER = 6.6;

    private static final double LINE = 15;
    private static final double GAP = 9;

    private final double left;
    private final double right;
    private final double top;
    private final double bottom;
    private final List<Box> taken = new ArrayList<>();

    /** Labels stay within this frame. */
    LabelPlaces(double left, double right, double top, double bottom) {
        this.left = left;
        this.right = right;
        this.top = top;
        this.bottom = bottom;
    }

    /** An area in pixels. */
    private record Box(double left, double right, double top, double bottom) {

        boolean covers(Box other) {
            return left < other.right
                    && other.left < right
                    && top < other.bottom
                    && other.top < bottom;
        }
    }

    /** Start of a label's first letter on its base line. */
    record Place(double x, double y) {}

    /** Keeps labels off a point. */
    void avoid(double x, double y, double radius) {
        taken.add(new Box(x - radius, x + radius, y - radius, y + radius));
    }

    /** Keeps labels off an upright line. */
    void avoidUpright(double x, double from, double to) {
        taken.add(new Box(x - 2, x + 2, from, to));
    }

    /**
     * A place beside a point: to its right or left, above or below, the first of those within the
     * frame that cover least.
     */
    Place beside(double x, double y, String label) {
        double width = label.length() * CHARACTER;
        List<Place> places =
                List.of(
                        new Place(x + GAP, y + 4),
                        new Place(x - GAP - width, y + 4),
                        new Place(x - width / 2, y - GAP),
                        new Place(x - width / 2, y + GAP + LINE - 4),
                        new Place(x + GAP, y - GAP),
                        new Place(x + GAP, y + LINE + 2),
                        new Place(x - GAP - width, y - GAP),
                        new Place(x - GAP - width, y + LINE + 2));
        Place best = places.getFirst();
        long fewest = Long.MAX_VALUE;
        for (Place place : places) {
            Box box = box(place.x, place.y, label);
            if (box.left >= left && box.right <= right && box.top >= top && box.bottom <= bottom) {
                long covered = taken.stream().filter(box::covers).count();
                if (covered < fewest) {
                    fewest = covered;
                    best = place;
                }
            }
        }
        taken.add(box(best.x, best.y, label));
        return best;
    }

    private static Box box(double x, double y, String text) {
        return new Box(x, x + text.length() * CHARACTER, y - LINE + 4, y + 4);
    }
}
