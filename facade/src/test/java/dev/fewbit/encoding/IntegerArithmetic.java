package dev.fewbit.encoding;

import dev.fewbit.core.affine.AffineMapping;
import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.format.Affine;

/**
 * The operators of ONNX on integers, one number at a time, as their specification (<a
 * href="https://onnx.ai/onnx/operators/">onnx.ai</a>) has them. Real numbers are doubles, so that
 * what a kernel may round differently can be seen.
 */
final class IntegerArithmetic {
    private IntegerArithmetic() {}

    /** QuantizeLinear: {@code saturate(round(x / scale) + zeroPoint)}, ties to even. */
    static int[] quantize(float[] x, float scale, int zeroPoint, Affine format) {
        int[] codes = new int[x.length];
        for (int i = 0; i < x.length; i++) {
            codes[i] = AffineMapping.quantize(x[i], scale, zeroPoint, format);
        }
        return codes;
    }

    /** DequantizeLinear: {@code (q - zeroPoint) * scale}. */
    static float[] dequantize(int[] codes, float scale, int zeroPoint) {
        float[] x = new float[codes.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = AffineMapping.dequantize(codes[i], scale, zeroPoint);
        }
        return x;
    }

    /**
     * The parameters of DynamicQuantizeLinear: {@code scale = (max - min) / 255} and {@code zero
     * point = saturate(round(-min / scale))} over a range that includes 0.
     */
    static AffineParameters dynamic(float[] x) {
        float low = 0;
        float high = 0;
        for (float each : x) {
            low = Math.min(low, each);
            high = Math.max(high, each);
        }
        float scale = (high - low) / 255;
        double zeroPoint = Math.clamp(Math.rint((0 - low) / scale), 0, 255);
        return new AffineParameters(scale, (int) zeroPoint);
    }

    /** MatMulInteger: {@code sum over k of (a[m, k] - za) * (b[k, n] - zb[n])}. */
    static int[] matMul(int[] a, int za, int[] b, int[] zb, int rows, int depth, int columns) {
        int[] sums = new int[rows * columns];
        for (int m = 0; m < rows; m++) {
            for (int n = 0; n < columns; n++) {
                int sum = 0;
                for (int k = 0; k < depth; k++) {
                    sum +=
                            (a[m * depth + k] - za)
                                    * (b[k * columns + n] - zb[zb.length == 1 ? 0 : n]);
                }
                sums[m * columns + n] = sum;
            }
        }
        return sums;
    }

    /**
     * Sizes of a convolution of images without dilation.
     *
     * @param inputs channels of the input
     * @param outputs channels of the output
     * @param groups groups of channels
     * @param size height and width of the input
     * @param kernel height and width of the kernel
     * @param pad zeros around the input, which are zero points
     * @param stride distance of outputs
     */
    record Convolution(
            int inputs, int outputs, int groups, int size, int kernel, int pad, int stride) {
        int outputSize() {
            return (size + 2 * pad - kernel) / stride + 1;
        }

        int weights() {
            return outputs * inputs / groups * kernel * kernel;
        }
    }

    /** ConvInteger: sums of {@code (x - zx) * (w - zw)} with x outside of the image being zx. */
    static int[] convolve(int[] x, int zx, int[] w, int zw, Convolution shape) {
        int side = shape.outputSize();
        int[] sums = new int[shape.outputs * side * side];
        for (int o = 0; o < shape.outputs; o++) {
            for (int row = 0; row < side; row++) {
                for (int column = 0; column < side; column++) {
                    sums[(o * side + row) * side + column] =
                            sum(x, zx, w, zw, shape, o, row, column);
                }
            }
        }
        return sums;
    }

    private static int sum(
            int[] x, int zx, int[] w, int zw, Convolution shape, int o, int row, int column) {
        int perGroup = shape.inputs / shape.groups;
        int first = o / (shape.outputs / shape.groups) * perGroup;
        int sum = 0;
        for (int i = 0; i < perGroup; i++) {
            for (int u = 0; u < shape.kernel; u++) {
                for (int v = 0; v < shape.kernel; v++) {
                    int y = row * shape.stride - shape.pad + u;
                    int z = column * shape.stride - shape.pad + v;
                    if (y >= 0 && y < shape.size && z >= 0 && z < shape.size) {
                        int code = x[((first + i) * shape.size + y) * shape.size + z];
                        int weight = w[((o * perGroup + i) * shape.kernel + u) * shape.kernel + v];
                        sum += (code - zx) * (weight - zw);
                    }
                }
            }
        }
        return sum;
    }

    /**
     * Requantization before it is rounded: {@code sum * (sx * sw / sy)}, as a real number.
     *
     * @param sum integer sum, bias included
     */
    static double rescaled(int sum, float sx, float sw, float sy) {
        return sum * ((double) sx * sw / sy);
    }
}
