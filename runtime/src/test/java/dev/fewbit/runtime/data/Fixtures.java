package dev.fewbit.runtime.data;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Files that numpy wrote (make_fixtures.py beside them) and model inputs to read them for. */
final class Fixtures {

    private Fixtures() {}

    static Path file(String name) {
        URL url = Objects.requireNonNull(Fixtures.class.getResource(name), name);
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** One input; -1 is a free dimension. */
    static InputSpecification input(String name, NumberType type, long... shape) {
        List<Dimension> dimensions = new ArrayList<>();
        for (long size : shape) {
            dimensions.add(new Dimension(size, size < 0 ? "free" : ""));
        }
        return new InputSpecification(name, type, dimensions);
    }

    static ModelInputs inputs(InputSpecification... inputs) {
        return new ModelInputs(List.of(inputs));
    }

    static double[] values(NumberArray array) {
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.doubleAt(i);
        }
        return values;
    }

    /** The values of row {@code row} of the fixtures: 0, 1, 2, ... in rows of 2 x 3. */
    static double[] ramp(int row) {
        double[] values = new double[6];
        for (int i = 0; i < values.length; i++) {
            values[i] = row * 6 + i;
        }
        return values;
    }
}
