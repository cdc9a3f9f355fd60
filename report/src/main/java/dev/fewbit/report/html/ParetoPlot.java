package dev.fewbit.report.html;

import dev.fewbit.core.findings.SearchFindings;
import dev.fewbit.core.findings.SearchPoint;

import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * The drawing of size against loss: the front as a line, models of one format as diamonds, the
 * chosen model as a ring, limits as dashed lines. Losses are on a logarithmic scale; one that is 0
 * or less lies on the lower edge.
 */
final class ParetoPlot {

    /** As many points of the front are marked; the line goes through all of them. */
    private static final int MOST_MARKS = 80;

    /** The float model is drawn if it is at most so much larger than all the rest. */
    private static final double FLOAT_FITS = 1.6;

    private static final int LEFT = 64;
    private static final int TOP = 26;
    private static final int BOTTOM = 44;

    private final HtmlWriter html;
    private final SearchFindings search;
    private final String id;
    private final int width;
    private final int height;
    private final Axis sizes;
    private final Axis losses;
    private final boolean showsFloat;
    private final LabelPlaces places;

    private ParetoPlot(
            HtmlWriter html, SearchFindings search, String id, int width, int height, int right) {
        this.html = html;
        this.search = search;
        this.id = id;
        this.width = width;
        this.height = height;
        double largest = points().mapToDouble(p -> (double) p.bytes()).max().orElseThrow();
        Long most = search.limits().bytes();
        double smallest = points().mapToDouble(p -> (double) p.bytes()).min().orElseThrow();
        if (most != null) {
            // A budget far beyond all models would squeeze them together.
            largest = Math.max(largest, Math.min((double) most, 2 * largest));
        }
        showsFloat = search.floatBytes() <= FLOAT_FITS * largest;
        if (showsFloat) {
            largest = Math.max(largest, (double) search.floatBytes());
        }
        double margin = Math.max(1, 0.05 * (largest - smallest));
        sizes = Axis.linear(Math.max(0, smallest - margin), largest + margin, LEFT, width - right);
        double[] drawn = drawnLosses().sorted().toArray();
        int bottom = height - BOTTOM;
        losses =
                drawn.length == 0
                        ? Axis.logarithmic(1e-3, 1, bottom, TOP)
                        : Axis.logarithmic(drawn[0], drawn[drawn.length - 1], bottom, TOP);
        places = new LabelPlaces(LEFT, width, TOP - 4, bottom);
    }

    /**
     * Draws it.
     *
     * @param id prefix for the names of its parts, unique in the page
     * @param width its width in pixels; text has its natural size at this width
     */
    static void write(HtmlWriter html, SearchFindings search, String id, int width, int height) {
        new ParetoPlot(html, search, id, width, height, 16).write();
    }

    private Stream<SearchPoint> points() {
        return Stream.of(search.front(), search.fixed(), List.of(search.chosen()))
                .flatMap(List::stream);
    }

    private DoubleStream drawnLosses() {
        Double most = search.limits().loss();
        return DoubleStream.concat(
                        points().flatMapToDouble(p -> DoubleStream.of(p.predictedLoss(), p.loss())),
                        most == null ? DoubleStream.empty() : DoubleStream.of(most))
                .filter(loss -> loss > 0 && Double.isFinite(loss));
    }

    private void write() {
        html.open(
                "svg",
                "viewBox",
                "0 0 %d %d".formatted(width, height),
                "class",
                "pareto",
                "role",
                "img",
                "aria-labelledby",
                id + "-title",
                "aria-describedby",
                id + "-desc");
        html.element("title", "Size of the file against loss", "id", id + "-title");
        html.element("desc", description(), "id", id + "-desc");
        grid();
        limits();
        front();
        for (SearchPoint point : search.fixed()) {
            place(point).avoid(places, 6);
        }
        place(search.chosen()).avoid(places, 8);
        chosen();
        for (SearchPoint point : search.fixed()) {
            fixed(point);
        }
        floatModel();
        html.closeLine();
    }

    private String description() {
        SearchPoint chosen = search.chosen();
        return "%s over the size of the file. The chosen model has %s and a loss of %s. %s"
                .formatted(
                        search.loss(),
                        Figures.bytes(chosen.bytes()),
                        Figures.number(chosen.loss()),
                        Figures.count(
                                search.fixed().size(),
                                "model with one format for all layers is marked.",
                                "models with one format for all layers are marked."));
    }

    private void grid() {
        for (double tick : losses.ticks((height - TOP - BOTTOM) / 28)) {
            double y = losses.at(tick);
            line("grid", LEFT, y, sizes.to(), y);
            text(LEFT - 8, y + 4, "end", Figures.round(tick));
        }
        for (double tick : sizes.ticks(Math.max(3, (width - LEFT) / 110))) {
            double x = sizes.at(tick);
            line("grid", x, losses.from(), x, losses.from() + 5);
            text(x, losses.from() + 19, "middle", Figures.bytes((long) tick));
        }
        line("grid", LEFT, losses.from(), sizes.to(), losses.from());
        text((LEFT + sizes.to()) / 2, height - 5, "middle", "size of the file");
        text(4, 14, "start", search.loss());
    }

    private void limits() {
        Long bytes = search.limits().bytes();
        if (bytes != null && bytes <= sizes.high()) {
            double x = sizes.at((double) bytes);
            line("limit", x, TOP, x, losses.from());
            places.avoidUpright(x, TOP, losses.from());
            String label = "at most " + Figures.bytes(bytes);
            LabelPlaces.Place place = places.beside(x, TOP + 6, label);
            text(place.x(), place.y(), "start", label);
        }
        Double loss = search.limits().loss();
        if (loss != null && loss > 0) {
            double y = losses.at(loss);
            line("limit", LEFT, y, sizes.to(), y);
            String label = "at most " + Figures.number(loss);
            LabelPlaces.Place place = places.beside(LEFT + 4, y - 6, label);
            text(place.x(), place.y(), "start", label);
        }
    }

    private void front() {
        List<SearchPoint> front = search.front();
        StringBuilder path = new StringBuilder();
        for (SearchPoint point : front) {
            path.append(path.isEmpty() ? 'M' : 'L')
                    .append(number(sizes.at((double) point.bytes())))
                    .append(' ')
                    .append(number(losses.at(point.predictedLoss())));
        }
        if (front.size() > 1) {
            html.element("path", "", "class", "front", "d", path.toString());
        }
        double stride = Math.max(1, (front.size() - 1.0) / MOST_MARKS);
        for (int i = 0; i * stride <= front.size() - 1 + 1e-9; i++) {
            SearchPoint point = front.get((int) Math.round(i * stride));
            place(point).avoid(places, 3);
            html.open(
                    "circle",
                    "class",
                    "mark",
                    "r",
                    "2.5",
                    "cx",
                    number(sizes.at((double) point.bytes())),
                    "cy",
                    number(losses.at(point.predictedLoss())));
            html.element("title", words("On the front", point)).close();
        }
    }

    private void fixed(SearchPoint point) {
        Spot spot = place(point);
        String diamond = "M%s %sl6 6l-6 6l-6 -6z".formatted(number(spot.x), number(spot.y - 6));
        html.open("path", "class", "fixed", "d", diamond);
        html.element("title", words(point.label(), point)).close();
        label("", spot, point.label());
    }

    private void chosen() {
        SearchPoint point = search.chosen();
        Spot spot = place(point);
        double predicted = losses.at(point.predictedLoss());
        if (Math.abs(predicted - spot.y) > 8) {
            line("gap", spot.x, predicted, spot.x, spot.y);
        }
        html.open(
                "circle",
                "class",
                "chosen-point",
                "r",
                "7",
                "cx",
                number(spot.x),
                "cy",
                number(spot.y));
        html.element("title", words("Chosen", point)).close();
        label("strong", spot, "chosen");
    }

    private void floatModel() {
        if (!showsFloat) {
            return;
        }
        Spot spot = new Spot(sizes.at((double) search.floatBytes()), losses.from());
        html.open(
                "rect",
                "class",
                "float",
                "width",
                "10",
                "height",
                "10",
                "x",
                number(spot.x - 5),
                "y",
                number(spot.y - 5));
        html.element(
                        "title",
                        "The float model: %s, no loss"
                                .formatted(Figures.bytes(search.floatBytes())))
                .close();
        label("", new Spot(spot.x, spot.y - 10), "float, no loss");
    }

    private static String words(String what, SearchPoint point) {
        StringBuilder words = new StringBuilder(what);
        words.append(": ").append(Figures.bytes(point.bytes()));
        words.append(", predicted loss ").append(Figures.number(point.predictedLoss()));
        Double measured = point.measuredLoss();
        if (measured != null) {
            words.append(", measured ").append(Figures.number(measured));
        }
        Double seconds = point.seconds();
        if (seconds != null) {
            words.append(", ").append(Figures.millis(seconds * 1000));
        }
        return words.toString();
    }

    private Spot place(SearchPoint point) {
        return new Spot(sizes.at((double) point.bytes()), losses.at(point.loss()));
    }

    /** Where a point is drawn. */
    private record Spot(double x, double y) {

        void avoid(LabelPlaces places, double radius) {
            places.avoid(x, y, radius);
        }
    }

    private void label(String style, Spot spot, String label) {
        LabelPlaces.Place place = places.beside(spot.x, spot.y, label);
        html.element("text", label, "class", style, "x", number(place.x()), "y", number(place.y()));
    }

    private void text(double x, double y, String anchor, String text) {
        html.element("text", text, "x", number(x), "y", number(y), "text-anchor", anchor);
    }

    private void line(String style, double x1, double y1, double x2, double y2) {
        html.element(
                "line",
                "",
                "class",
                style,
                "x1",
                number(x1),
                "y1",
                number(y1),
                "x2",
                number(x2),
                "y2",
                number(y2));
    }

    private static String number(double pixels) {
        return String.format(Locale.ROOT, "%.1f", pixels);
    }
}
