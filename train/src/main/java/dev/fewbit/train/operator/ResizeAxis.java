package dev.fewbit.train.operator;

import dev.fewbit.train.torch.Tensors;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * One axis of a Resize.
 *
 * @param axis which, from the front
 * @param length size of the input
 * @param places size of the output
 * @param scale places per element of the input; need not be their exact ratio
 * @param start where the region of interest begins, 0 the first element and 1 the last
 * @param end where it ends
 * @param mode the attribute coordinate_transformation_mode
 */
record ResizeAxis(
        int axis, long length, long places, float scale, float start, float end, String mode) {

    /** The axes that a node speaks of. */
    static List<ResizeAxis> of(Call call) {
        int rank = call.rank(0);
        long[] named = call.node().intsAttribute("axes");
        int count = named == null ? rank : named.length;
        String mode = call.node().stringAttribute("coordinate_transformation_mode", "half_pixel");
        float[] regions = floats(call, 1, 2 * count);
        float[] scales = floats(call, 2, count);
        long[] sizes = call.has(3) ? call.longs(3) : new long[0];
        if (scales == null && sizes.length != count) {
            throw call.failure(
                    "resizes %d axes, but has %d sizes and no scales"
                            .formatted(count, sizes.length));
        }
        List<ResizeAxis> axes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int axis = named == null ? i : call.axis(named[i], rank);
            long length = call.input(0).size(axis);
            float scale = scales == null ? (float) sizes[i] / length : scales[i];
            long places = scales == null ? sizes[i] : (long) (scale * length);
            float start = regions == null ? 0 : regions[i];
            float end = regions == null ? 1 : regions[count + i];
            axes.add(new ResizeAxis(axis, length, places, scale, start, end, mode));
        }
        String policy = call.node().stringAttribute("keep_aspect_ratio_policy", "stretch");
        return scales == null && !policy.equals("stretch")
                ? proportional(call, axes, policy)
                : axes;
    }

    private static float @Nullable [] floats(Call call, int index, int count) {
        if (!call.has(index) || call.input(index).numel() == 0) {
            return null;
        }
        float[] given = Tensors.floats(call.input(index));
        if (given.length != count) {
            throw call.failure(
                    "takes %d numbers as input %d, got %d".formatted(count, index, given.length));
        }
        return given;
    }

    /** All by the same scale, so that none is larger, or none smaller, than asked for. */
    private static List<ResizeAxis> proportional(Call call, List<ResizeAxis> axes, String policy) {
        boolean notLarger = policy.equals("not_larger");
        if (!notLarger && !policy.equals("not_smaller")) {
            throw call.failure("has keep_aspect_ratio_policy=" + policy);
        }
        float common = notLarger ? Float.MAX_VALUE : 0;
        for (ResizeAxis each : axes) {
            common = notLarger ? Math.min(common, each.scale) : Math.max(common, each.scale);
        }
        List<ResizeAxis> scaled = new ArrayList<>();
        for (ResizeAxis each : axes) {
            long places = (long) Math.floor(common * each.length + 0.5);
            scaled.add(new ResizeAxis(each.axis, each.length, places, common, 0, 1, each.mode));
        }
        return scaled;
    }

    /** Whether the output is the input along this axis. */
    boolean isUnchanged() {
        return length == places && scale == 1 && !crops();
    }

    /** Whether only a region of interest is resized. */
    boolean crops() {
        return mode.equals("tf_crop_and_resize");
    }

    boolean alignsCorners() {
        return mode.equals("align_corners");
    }

    /** Whether linear interpolation of libtorch has the same coordinates. */
    boolean libtorchKnows() {
        return alignsCorners()
                || mode.equals("half_pixel")
                || (mode.equals("pytorch_half_pixel") && places > 1);
    }

    /**
     * Where in the input each place of the output lies. In 32-bit floats, as ONNX Runtime computes
     * it: where two elements are equally near, the last bit decides.
     */
    float[] coordinates() {
        float[] coordinates = new float[Math.toIntExact(places)];
        for (int i = 0; i < coordinates.length; i++) {
            coordinates[i] = coordinate(i);
        }
        return coordinates;
    }

    private float coordinate(int place) {
        float centred = (place + 0.5F) / scale - 0.5F;
        return switch (mode) {
            case "half_pixel" -> centred;
            case "pytorch_half_pixel" -> places > 1 ? centred : 0;
            case "half_pixel_symmetric" -> {
                float adjustment = places / (scale * length);
                float offset = length / 2F * (1 - adjustment);
                yield (float) (offset + (place + 0.5) / scale - 0.5);
            }
            case "asymmetric" -> place / scale;
            case "align_corners" -> places == 1 ? 0 : (float) place * (length - 1) / (places - 1);
            case "tf_half_pixel_for_nn" -> (place + 0.5F) / scale;
            case "tf_crop_and_resize" ->
                    places > 1
                            ? start * (length - 1)
                                    + place * (end - start) * (length - 1) / (places - 1)
                            : 0.5F * (start + end) * (length - 1);
            default ->
                    throw new OperatorException(
                            "Resize has coordinate_transformation_mode=" + mode + ", not known");
        };
    }
}
