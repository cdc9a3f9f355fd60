package dev.fewbit.train.operator;

import dev.fewbit.train.torch.Tensors;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.Arrays;

/** Col2Im in any number of dimensions: blocks are added where they were cut from an image. */
final class ColumnsToImage {
    private final long[] block;
    private final long[] strides;
    private final long[] dilations;
    private final long[] pads;

    /** Sizes of the image with its padding. */
    private final long[] padded;

    /** How many blocks there are along each dimension. */
    private final long[] places;

    private ColumnsToImage(Call call) {
        long[] image = call.longs(1);
        int dimensions = image.length;
        block = call.longs(2);
        strides = Window.ones(call, "strides", dimensions);
        dilations = Window.ones(call, "dilations", dimensions);
        pads = Window.zeros(call, "pads", 2 * dimensions);
        padded = new long[dimensions];
        places = new long[dimensions];
        for (int i = 0; i < dimensions; i++) {
            padded[i] = image[i] + pads[i] + pads[dimensions + i];
            places[i] = (padded[i] - (block[i] - 1) * dilations[i] - 1) / strides[i] + 1;
        }
        long given = call.input(0).size(2);
        if (given != product(places)) {
            throw call.failure(
                    "gets %d blocks, but %d fit into an image of %s"
                            .formatted(given, product(places), Arrays.toString(image)));
        }
    }

    static Tensor run(Call call) {
        return new ColumnsToImage(call).sum(call.input(0));
    }

    private Tensor sum(Tensor columns) {
        long elements = product(block);
        long[] targets = new long[Math.toIntExact(elements * product(places))];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = target(i / product(places), i % product(places));
        }
        long batch = columns.size(0);
        long channels = columns.size(1) / elements;
        Tensor sums =
                torch.index_add(
                        columns.new_zeros(batch, channels, product(padded)),
                        2,
                        Tensors.ofLongs(targets, targets.length),
                        columns.reshape(batch, channels, targets.length));
        long[] shape = new long[padded.length + 2];
        shape[0] = batch;
        shape[1] = channels;
        System.arraycopy(padded, 0, shape, 2, padded.length);
        return Window.padded(
                sums.reshape(shape), Arrays.stream(pads).map(pad -> -pad).toArray(), 0);
    }

    /** Where in the padded image an element of a block goes. */
    private long target(long element, long place) {
        long target = 0;
        long unit = 1;
        for (int i = padded.length - 1; i >= 0; i--) {
            target += unit * (place % places[i] * strides[i] + element % block[i] * dilations[i]);
            unit *= padded[i];
            place /= places[i];
            element /= block[i];
        }
        return target;
    }

    private static long product(long[] numbers) {
        return Arrays.stream(numbers).reduce(1, (a, b) -> a * b);
    }
}
