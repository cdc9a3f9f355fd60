package dev.fewbit.onnx.prepare;

import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.shape.ValueShapes;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Zeros that Pad puts around an image become the padding of the convolution or average behind it.
 *
 * <pre>{@code
 * Pad(x, [0, 0, 0, 0, 0, 0, 1, 1]) -> p; Conv(p, pads = [0, 0, 0, 0])
 *     becomes Conv(x, pads = [0, 0, 1, 1])
 * Pad(x, ...) -> p; AveragePool(p)
 *     becomes AveragePool(x, pads = ..., count_include_pad = 1)
 * }</pre>
 *
 * <p>MaxPool pads with minus infinity, so it is left alone.
 */
final class MovePaddingIntoWindow implements Rewrite {

    @Override
    public boolean apply(Model model, Notes notes) {
        ValueShapes shapes = ValueShapes.of(model);
        Constants constants = new Constants(model);
        int count = 0;
        for (Node pad : model.graph().nodes()) {
            if (!pad.is("Pad") || pad.onlyOutput().isGraphOutput()) {
                continue;
            }
            long[] pads = spatialPads(pad, shapes, constants);
            List<Node> readers = pad.onlyOutput().consumers();
            if (pads == null || !readers.stream().allMatch(each -> takes(each, pad, pads))) {
                continue;
            }
            for (Node reader : readers) {
                move(pad, pads, reader);
            }
            model.graph().remove(pad);
            count++;
        }
        if (count > 0) {
            notes.done(count + " Pad nodes became the padding of the nodes behind them.");
        }
        return count > 0;
    }

    /** Begins, then ends, of the spatial axes; null unless nothing but zeros is put around them. */
    private static long @Nullable [] spatialPads(
            Node pad, ValueShapes shapes, Constants constants) {
        long[] pads = RemoveNeutralNodes.pads(pad, shapes);
        if (pads == null
                || pads.length < 6
                || pad.input(3) != null
                || !pad.stringAttribute("mode", "constant").equals("constant")
                || !padsZeros(pad, constants)
                || Arrays.stream(pads).anyMatch(amount -> amount < 0)) {
            return null;
        }
        int rank = pads.length / 2;
        if (pads[0] + pads[1] + pads[rank] + pads[rank + 1] != 0) {
            return null;
        }
        long[] spatial = new long[2 * (rank - 2)];
        System.arraycopy(pads, 2, spatial, 0, rank - 2);
        System.arraycopy(pads, rank + 2, spatial, rank - 2, rank - 2);
        return spatial;
    }

    static boolean padsZeros(Node pad, Constants constants) {
        Value with = pad.input(2);
        if (with == null) {
            return pad.floatAttribute("value", 0) == 0;
        }
        Tensor tensor = constants.resolve(with).orElse(null);
        if (tensor == null
                || !tensor.elementType().isReadableAsFloats()
                || tensor.elementCount() != 1) {
            return false;
        }
        try {
            return tensor.floats()[0] == 0;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static boolean takes(Node reader, Node pad, long[] pads) {
        Value padded = pad.onlyOutput();
        boolean asData =
                reader.graph() == pad.graph()
                        && reader.input(0) == padded
                        && reader.inputs().stream().filter(input -> input == padded).count() == 1;
        if (!asData || !reader.stringAttribute("auto_pad", "NOTSET").equals("NOTSET")) {
            return false;
        }
        long[] own = reader.intsAttribute("pads");
        if (own != null && own.length != pads.length) {
            return false;
        }
        if (reader.is("Conv")) {
            return true;
        }
        boolean unpadded = own == null || Arrays.stream(own).allMatch(amount -> amount == 0);
        return reader.is("AveragePool")
                && reader.intAttribute("ceil_mode", 0) == 0
                && (unpadded || reader.intAttribute("count_include_pad", 0) != 0)
                && isSmallerThanKernel(reader, pads, own);
    }

    /** ONNX Runtime refuses to pool windows that lie in the padding alone. */
    private static boolean isSmallerThanKernel(Node pool, long[] pads, long @Nullable [] own) {
        long[] kernel = pool.intsAttribute("kernel_shape");
        for (int i = 0; i < pads.length; i++) {
            long amount = pads[i] + (own == null ? 0 : own[i]);
            if (kernel == null || amount >= kernel[i % kernel.length]) {
                return false;
            }
        }
        return true;
    }

    private static void move(Node pad, long[] pads, Node reader) {
        long[] own = reader.intsAttribute("pads");
        long[] sum = pads.clone();
        for (int i = 0; own != null && i < sum.length; i++) {
            sum[i] += own[i];
        }
        reader.setAttribute("pads", sum);
        if (reader.is("AveragePool")) {
            reader.setAttribute("count_include_pad", 1L);
        }
        reader.setInput(0, Objects.requireNonNull(pad.input(0), "Pad reads something"));
    }
}
