package dev.fewbit.core.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;

class MatrixKernelsTest {

    private static final int TILE = MatrixKernels.TILE;

    /** Holds kernels to the scalar ones; prints their name when run in a JVM of its own. */
    public static void main(String[] arguments) {
        MatrixKernels vector = new VectorMatrixKernels();
        check(vector, 40);
        System.out.println(vector.name());
    }

    @Test
    void theVectorKernelsAgreeWithTheScalarOnesBitForBit() {
        MatrixKernels vector = MatrixKernels.vector().orElseThrow();
        assertThat(vector.name()).startsWith("vector").isEqualTo(MatrixKernels.best().name());
        check(vector, 300);
        check(MatrixKernels.best(), 20);
    }

    @ParameterizedTest
    @CsvSource({"16, vector 128 bits", "32, vector 256 bits", "64, vector 512 bits"})
    void everyVectorWidthAgrees(int bytes, String name) throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+IgnoreUnrecognizedVMOptions",
                                "-XX:MaxVectorSize=" + bytes,
                                "--add-modules=jdk.incubator.vector",
                                "-cp",
                                System.getProperty("java.class.path"),
                                MatrixKernelsTest.class.getName())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        String best = MatrixKernels.best().name();
        // A processor may have no vectors as wide as that.
        int preferred = Integer.parseInt(best.split(" ", -1)[1]);
        assertThat(output.lines().toList()).last().isEqualTo(bytes * 8 > preferred ? best : name);
    }

    private static void check(MatrixKernels kernels, int rounds) {
        Random random = new Random(rounds);
        for (int round = 0; round < rounds; round++) {
            checkProduct(kernels, random);
            checkTile(kernels, random);
        }
    }

    private static void checkProduct(MatrixKernels kernels, Random random) {
        int rows = random.nextInt(12);
        int depth = random.nextInt(40);
        int columns = random.nextInt(60);
        int from = random.nextInt(4);
        int aStride = depth + random.nextInt(3);
        int bStride = columns + random.nextInt(3);
        int cStride = columns + random.nextInt(3);
        double[] a = doubles(random, from + rows * aStride);
        double[] b = doubles(random, from + depth * bStride);
        double[] expected = doubles(random, from + rows * cStride);
        double[] actual = expected.clone();
        double[] before = expected.clone();
        MatrixKernels.scalar()
                .subtractProduct(
                        a, from, aStride, b, from, bStride, expected, from, cStride, rows, depth,
                        columns);
        kernels.subtractProduct(
                a, from, aStride, b, from, bStride, actual, from, cStride, rows, depth, columns);
        same(expected, actual);
        for (int i = 0; i < actual.length; i++) {
            int r = (i - from) / Math.max(1, cStride);
            int c = (i - from) % Math.max(1, cStride);
            double sum = before[i];
            for (int k = 0; i >= from && r < rows && c < columns && k < depth; k++) {
                sum -= a[from + r * aStride + k] * b[from + k * bStride + c];
            }
            if (sum != actual[i]) {
                throw new AssertionError("expected %s, got %s".formatted(sum, actual[i]));
            }
        }
    }

    private static void checkTile(MatrixKernels kernels, Random random) {
        int samples = random.nextInt(MatrixKernels.MOST_SAMPLES + 1);
        int from = random.nextInt(4);
        int stride = TILE + random.nextInt(5);
        float[] left = floats(random, from + samples * TILE);
        float[] right = floats(random, from + samples * TILE);
        double[] expected = doubles(random, from + TILE * stride);
        double[] actual = expected.clone();
        double[] before = expected.clone();
        MatrixKernels.scalar()
                .addProducts(left, from, right, from, samples, expected, from, stride);
        kernels.addProducts(left, from, right, from, samples, actual, from, stride);
        same(expected, actual);
        int i = random.nextInt(TILE);
        int j = random.nextInt(TILE);
        float sum = 0;
        for (int s = 0; s < samples; s++) {
            sum += left[from + s * TILE + i] * right[from + s * TILE + j];
        }
        int at = from + i * stride + j;
        if (before[at] + sum != actual[at]) {
            throw new AssertionError("%s + %s is not %s".formatted(before[at], sum, actual[at]));
        }
    }

    private static void same(double[] expected, double[] actual) {
        for (int i = 0; i < expected.length; i++) {
            if (Double.doubleToLongBits(expected[i]) != Double.doubleToLongBits(actual[i])) {
                throw new AssertionError(
                        "element %d: expected %s, got %s".formatted(i, expected[i], actual[i]));
            }
        }
    }

    private static double[] doubles(Random random, int count) {
        return random.doubles(count, -1, 1).toArray();
    }

    private static float[] floats(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
