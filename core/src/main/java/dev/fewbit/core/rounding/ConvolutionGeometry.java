package dev.fewbit.core.rounding;

/**
 * How a convolution goes over an input {@code [channels, height, width]}. A convolution in one
 * dimension is one over a height of 1.
 *
 * @param channels channels of the input
 * @param groups groups that they are cut into; as many as channels for a depthwise convolution
 * @param vertical the height
 * @param horizontal the width
 */
public record ConvolutionGeometry(int channels, int groups, Axis vertical, Axis horizontal) {

    /** Checks the groups. */
    public ConvolutionGeometry {
        if (channels < 1 || groups < 1 || channels % groups != 0) {
            throw new IllegalArgumentException(
                    "groups divide the channels, got %d channels in %d groups"
                            .formatted(channels, groups));
        }
    }

    /** A convolution with stride 1 and neither padding nor dilation. */
    public static ConvolutionGeometry plain(
            int channels, int height, int width, int kernelHeight, int kernelWidth) {
        return new ConvolutionGeometry(
                channels, 1, Axis.plain(height, kernelHeight), Axis.plain(width, kernelWidth));
    }

    /** Channels of a group. */
    public int channelsPerGroup() {
        return channels / groups;
    }

    /** Inputs of one output: columns of a group's {@link WeightMatrix}. */
    public int inputs() {
        return channelsPerGroup() * vertical.kernel() * horizontal.kernel();
    }

    /** Positions of the output. */
    public int positions() {
        return Math.multiplyExact(vertical.outputs(), horizontal.outputs());
    }

    /** Elements of the input. */
    public int elements() {
        return Math.multiplyExact(channels, Math.multiplyExact(vertical.size, horizontal.size));
    }

    /**
     * One direction.
     *
     * @param size extent of the input
     * @param kernel extent of the kernel
     * @param stride from one output to the next
     * @param dilation from one element of the kernel to the next
     * @param padBefore zeros in front of the input
     * @param padAfter zeros behind it
     */
    public record Axis(
            int size, int kernel, int stride, int dilation, int padBefore, int padAfter) {

        /** Checks that there is an output. */
        public Axis {
            if (size < 1
                    || kernel < 1
                    || stride < 1
                    || dilation < 1
                    || padBefore < 0
                    || padAfter < 0) {
                throw new IllegalArgumentException(
                        ("size, kernel, stride and dilation are at least 1 and pads not negative,"
                                        + " got %d, %d, %d, %d, %d and %d")
                                .formatted(size, kernel, stride, dilation, padBefore, padAfter));
            }
            if (outputs(size, kernel, stride, dilation, padBefore + padAfter) < 1) {
                throw new IllegalArgumentException(
                        "a kernel of %d with dilation %d is larger than the padded input of %d"
                                .formatted(kernel, dilation, size + padBefore + padAfter));
            }
        }

        /** Stride 1, no dilation, no padding. */
        public static Axis plain(int size, int kernel) {
            return new Axis(size, kernel, 1, 1, 0, 0);
        }

        /** Extent of the output. */
        public int outputs() {
            return outputs(size, kernel, stride, dilation, padBefore + padAfter);
        }

        private static int outputs(int size, int kernel, int stride, int dilation, int padding) {
            int room = size + padding - dilation * (kernel - 1) - 1;
            return room < 0 ? 0 : room / stride + 1;
        }

        /** Where an element of the kernel reads for an output; beyond the input it reads zeros. */
        int source(int output, int element) {
            return output * stride - padBefore + element * dilation;
        }
    }
}
