package dev.fewbit.rounding;

import dev.fewbit.core.rounding.ConvolutionGeometry;
import dev.fewbit.core.rounding.ConvolutionOutputGram;
import dev.fewbit.core.rounding.OutputGram;
import dev.fewbit.core.rounding.OutputMoments;
import dev.fewbit.core.rounding.Workers;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Collects what layers read in the quantized network together with what they are to make of it,
 * over some of the samples.
 */
final class MomentFold {
    /** Positions of all pictures together that are enough for the moments of a convolution. */
    private static final int MOST_POSITIONS = 1 << 17;

    /** Of one picture; neighbours have much in common. */
    private static final int FEWEST_POSITIONS = 64;

    private final LayerBundle bundle;
    private final int inputs;
    private final int outputs;
    private final int samples;
    private @Nullable OutputGram product;
    private final @Nullable WindowGeometry window;
    private @Nullable ConvolutionOutputGram convolution;
    private long count;

    /**
     * Moments of nothing.
     *
     * @param bundle layers that read the same
     * @param samples how many will be added
     */
    MomentFold(LayerBundle bundle, int samples) {
        this.bundle = bundle;
        this.inputs = bundle.columns();
        this.outputs = bundle.rows();
        this.samples = samples;
        LayerSite first = bundle.first();
        this.product = first.isProduct() ? new OutputGram(inputs, outputs) : null;
        this.window =
                first.isProduct()
                        ? null
                        : new WindowGeometry(
                                first.layer(),
                                first.plan().shape().stream().mapToLong(Long::longValue).toArray());
    }

    /**
     * Adds a sample.
     *
     * @param input what the layers read
     * @param shape its dimensions
     * @param targets what each of them is to make
     */
    void add(float[] input, long[] shape, List<float[]> targets, Workers workers) {
        if (product != null) {
            int rows = input.length / inputs;
            product.add(input, 0, sideBySide(targets, rows), 0, rows, workers);
            count = product.count();
            return;
        }
        if (window == null) {
            throw new IllegalStateException("neither products nor a convolution: " + bundle);
        }
        ConvolutionGeometry geometry = window.over(shape);
        if (convolution == null) {
            int positions = Math.clamp(MOST_POSITIONS / samples, FEWEST_POSITIONS, MOST_POSITIONS);
            convolution = new ConvolutionOutputGram(geometry, outputs, positions);
        }
        float[] target = targets.getFirst();
        int batch = input.length / geometry.elements();
        int size = outputs * geometry.positions();
        requireSize(batch * size, target.length);
        for (int i = 0; i < batch; i++) {
            convolution.add(geometry, input, i * geometry.elements(), target, i * size, workers);
        }
        count = convolution.group(0).count();
    }

    /** Rows of the outputs of all layers. */
    private float[] sideBySide(List<float[]> targets, int rows) {
        int total = targets.stream().mapToInt(target -> target.length).sum();
        requireSize(rows * outputs, total);
        if (targets.size() == 1) {
            return targets.getFirst();
        }
        float[] joined = new float[total];
        int first = 0;
        for (float[] target : targets) {
            int width = target.length / rows;
            for (int row = 0; row < rows; row++) {
                System.arraycopy(target, row * width, joined, row * outputs + first, width);
            }
            first += width;
        }
        return joined;
    }

    private void requireSize(int expected, int actual) {
        if (expected != actual) {
            throw new IllegalStateException(
                    "layer '%s' should make %d numbers, but there are %d to be made"
                            .formatted(bundle.label(), expected, actual));
        }
    }

    /** Whether there was no sample. */
    boolean isEmpty() {
        return count == 0;
    }

    /** Rows of inputs so far, in each group. */
    long count() {
        return count;
    }

    /** The moments of a group, once: what they were collected in is given up. */
    OutputMoments take(int group) {
        OutputGram gram = product;
        if (gram != null) {
            product = null;
            return gram.moments();
        }
        if (convolution == null) {
            throw new IllegalStateException(
                    "layer '" + bundle.label() + "' was not run, or its moments are taken");
        }
        return convolution.take(group).moments();
    }
}
