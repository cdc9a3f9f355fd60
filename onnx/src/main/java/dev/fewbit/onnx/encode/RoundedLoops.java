package dev.fewbit.onnx.encode;

import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.quantize.NonFiniteValueException;
import dev.fewbit.core.statistics.ErrorStatistics;
import dev.fewbit.onnx.graph.FillContext;
import dev.fewbit.onnx.weight.WeightSite;

import java.io.IOException;
import java.util.Arrays;

/**
 * Hands on the codes of a weight that something else has rounded, band by band, and measures what
 * it cost against the floats.
 */
final class RoundedLoops {
    /** Weights in a band, unless a single row has more. */
    private static final int BAND = 1 << 18;

    private final byte[] codes;
    private final CodeMeaning meaning;
    private final WeightSource source;
    private final ScratchPool scratches;
    private final Measuring measuring;
    private final int width;

    /**
     * @param codes one a byte, in the order of the float weight
     * @param meaning what they stand for
     */
    RoundedLoops(
            WeightSite site,
            WeightPlan plan,
            Measuring measuring,
            ScratchPool scratches,
            byte[] codes,
            CodeMeaning meaning) {
        this.codes = codes;
        this.meaning = meaning;
        this.measuring = measuring;
        this.scratches = scratches;
        this.source = new WeightSource(site);
        this.width = Math.toIntExact(StoredWeight.rowWidth(site, plan, Storage.ROWS));
    }

    /** Hands all codes on. */
    MeasurementCollector run(FillContext context, CodeSink sink) throws IOException {
        int piece = Math.max(1, BAND / width) * width;
        int bands = Math.ceilDiv(codes.length, piece);
        MeasurementCollector measured = new MeasurementCollector(bands, measuring);
        boolean errors = measuring != Measuring.NOTHING || !meaning.keepsAll();
        context.parallel(
                bands,
                band -> {
                    int first = band * piece;
                    int count = Math.min(piece, codes.length - first);
                    ScratchPool.Scratch scratch = scratches.take();
                    try {
                        float[] values = source.read(first, count, scratch);
                        byte[] own = Arrays.copyOfRange(codes, first, first + count);
                        source.locating(first, count, count, () -> requireFinite(values, count));
                        if (errors) {
                            measure(measured, band, first, values, own);
                        } else {
                            range(measured, band, values, count);
                        }
                        sink.accept(own, 0, count, first);
                    } finally {
                        scratches.giveBack(scratch);
                    }
                });
        return measured;
    }

    private static void requireFinite(float[] values, int count) {
        for (int i = 0; i < count; i++) {
            if (!Float.isFinite(values[i])) {
                throw new NonFiniteValueException(i, values[i]);
            }
        }
    }

    private static void range(MeasurementCollector measured, int band, float[] values, int count) {
        float minimum = Float.POSITIVE_INFINITY;
        float maximum = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            minimum = Math.min(minimum, values[i]);
            maximum = Math.max(maximum, values[i]);
        }
        measured.add(band, ErrorStatistics.NONE, minimum, maximum, values, count);
    }

    /** Measures a band; groups whose scale was raised are rounded again first. */
    private void measure(
            MeasurementCollector measured, int band, int first, float[] values, byte[] own) {
        float minimum = Float.POSITIVE_INFINITY;
        float maximum = Float.NEGATIVE_INFINITY;
        double errorSquares = 0;
        double originalSquares = 0;
        double products = 0;
        double quantizedSquares = 0;
        double largest = 0;
        for (int i = 0; i < own.length; i++) {
            float value = values[i];
            own[i] = meaning.code((long) first + i, own[i], value);
            double quantized = meaning.value((long) first + i, own[i]);
            double error = value - quantized;
            minimum = Math.min(minimum, value);
            maximum = Math.max(maximum, value);
            errorSquares += error * error;
            originalSquares += (double) value * value;
            products += value * quantized;
            quantizedSquares += quantized * quantized;
            largest = Math.max(largest, Math.abs(error));
        }
        measured.add(
                band,
                new ErrorStatistics(
                        own.length,
                        errorSquares,
                        originalSquares,
                        products,
                        quantizedSquares,
                        largest),
                minimum,
                maximum,
                values,
                own.length);
    }
}
