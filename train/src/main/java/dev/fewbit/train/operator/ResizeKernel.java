package dev.fewbit.train.operator;

/** How a Resize makes an element out of those around its coordinate. */
final class ResizeKernel {
    private final Call call;
    private final String mode;
    private final boolean antialias;
    private final boolean excludesOutside;
    private final double cubic;

    private ResizeKernel(Call call) {
        this.call = call;
        mode = call.node().stringAttribute("mode", "nearest");
        antialias = call.node().intAttribute("antialias", 0) != 0;
        excludesOutside = call.node().intAttribute("exclude_outside", 0) != 0;
        cubic = call.node().floatAttribute("cubic_coeff_a", -0.75F);
        if (!isNearest() && !mode.equals("linear") && !mode.equals("cubic")) {
            throw call.failure("has mode=" + mode + "; known are nearest, linear and cubic");
        }
    }

    static ResizeKernel of(Call call) {
        return new ResizeKernel(call);
    }

    boolean isNearest() {
        return mode.equals("nearest");
    }

    /** Whether two neighbours are mixed along each axis, and nothing else. */
    boolean isPlainLinear() {
        return mode.equals("linear") && !antialias && !excludesOutside;
    }

    /** The element of the input that each place takes. */
    long[] nearest(ResizeAxis axis) {
        String rounding = call.node().stringAttribute("nearest_mode", "round_prefer_floor");
        float[] coordinates = axis.coordinates();
        long[] sources = new long[coordinates.length];
        for (int i = 0; i < sources.length; i++) {
            double rounded =
                    switch (rounding) {
                        case "round_prefer_floor" -> Math.ceil(coordinates[i] - 0.5);
                        case "round_prefer_ceil" -> Math.floor(coordinates[i] + 0.5);
                        case "floor" -> Math.floor(coordinates[i]);
                        case "ceil" -> Math.ceil(coordinates[i]);
                        default -> throw call.failure("has nearest_mode=" + rounding);
                    };
            sources[i] = Math.clamp((long) rounded, 0, axis.length() - 1);
        }
        return sources;
    }

    /** How much of each element of the input each place takes, [places, length]. */
    float[] weights(ResizeAxis axis) {
        float[] coordinates = axis.coordinates();
        int length = Math.toIntExact(axis.length());
        float[] weights = new float[coordinates.length * length];
        // Where the output is smaller, the kernel is widened to see every element.
        double narrowing = antialias ? Math.min(1, axis.scale()) : 1;
        double radius = (mode.equals("linear") ? 1 : 2) / narrowing;
        for (int place = 0; place < coordinates.length; place++) {
            double centre = coordinates[place];
            int first = (int) Math.ceil(centre - radius);
            int last = (int) Math.floor(centre + radius);
            double sum = 0;
            for (int i = first; i <= last; i++) {
                sum += isSeen(i, length) ? kernel((i - centre) * narrowing) : 0;
            }
            for (int i = first; i <= last; i++) {
                if (isSeen(i, length)) {
                    // Elements beyond the edge equal the one at the edge.
                    int source = Math.clamp(i, 0, length - 1);
                    weights[place * length + source] +=
                            (float) (kernel((i - centre) * narrowing) / sum);
                }
            }
        }
        return weights;
    }

    private boolean isSeen(int element, int length) {
        return !excludesOutside || (element >= 0 && element < length);
    }

    private double kernel(double signed) {
        double distance = Math.abs(signed);
        if (mode.equals("linear")) {
            return Math.max(0, 1 - distance);
        }
        // Keys, "Cubic convolution interpolation for digital image processing", 1981.
        if (distance <= 1) {
            return ((cubic + 2) * distance - (cubic + 3)) * distance * distance + 1;
        }
        return distance < 2
                ? ((cubic * distance - 5 * cubic) * distance + 8 * cubic) * distance - 4 * cubic
                : 0;
    }
}
