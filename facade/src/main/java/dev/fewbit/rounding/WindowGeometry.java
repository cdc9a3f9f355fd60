package dev.fewbit.rounding;

import dev.fewbit.core.rounding.ConvolutionGeometry;
import dev.fewbit.core.rounding.ConvolutionGeometry.Axis;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.layer.LinearLayer;

import java.util.Arrays;

/** How a Conv of one or two dimensions goes over an input. */
final class WindowGeometry {
    private final Node node;
    private final int groups;
    private final long[] kernel;

    WindowGeometry(LinearLayer layer, long[] weightShape) {
        this.node = layer.node();
        this.groups = layer.outputChannels().groups();
        this.kernel = Arrays.copyOfRange(weightShape, 2, weightShape.length);
    }

    /**
     * The geometry.
     *
     * @param input shape of the input, {@code [batch, channels, (height,) width]}
     */
    ConvolutionGeometry over(long[] input) {
        int spatial = kernel.length;
        Axis width = axis(spatial - 1, input[input.length - 1]);
        Axis height = spatial == 1 ? Axis.plain(1, 1) : axis(0, input[2]);
        return new ConvolutionGeometry(Math.toIntExact(input[1]), groups, height, width);
    }

    private Axis axis(int index, long size) {
        int extent = Math.toIntExact(size);
        int length = Math.toIntExact(kernel[index]);
        int stride = at("strides", index, 1);
        int dilation = at("dilations", index, 1);
        int before = at("pads", index, 0);
        int after = at("pads", index + kernel.length, 0);
        String automatic = node.stringAttribute("auto_pad", "NOTSET");
        if (automatic.equals("VALID")) {
            before = 0;
            after = 0;
        } else if (automatic.startsWith("SAME")) {
            int outputs = Math.ceilDiv(extent, stride);
            int pads = Math.max(0, (outputs - 1) * stride + dilation * (length - 1) + 1 - extent);
            before = automatic.equals("SAME_UPPER") ? pads / 2 : pads - pads / 2;
            after = pads - before;
        }
        return new Axis(extent, length, stride, dilation, before, after);
    }

    private int at(String attribute, int index, int absent) {
        long[] values = node.intsAttribute(attribute);
        return values == null || index >= values.length ? absent : Math.toIntExact(values[index]);
    }
}
