package dev.fewbit.onnx.encode;

import dev.fewbit.core.affine.AffineMapping;
import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.core.quantize.NonFiniteValueException;
import dev.fewbit.core.quantize.RoundedWeight;
import dev.fewbit.core.statistics.ErrorStatistics;
import dev.fewbit.onnx.graph.FillContext;
import dev.fewbit.onnx.weight.WeightSite;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Arrays;

/**
 * Hands on the codes of a weight that something else has rounded, band by band, and measures what
 * it cost against the floats.
 */
final class RoundedLoops {
    /** Weights in a band, unless a single row has more. */
    private static final int BAND = 1 << 18;

    private final GroupGeometry geometry;
    private final Affine format;
    private final boolean wholeTensor;
    private final RoundedWeight rounded;
    private final GroupParameters parameters;
    private final boolean[] raised;
    private final WeightSource source;
    private final ScratchPool scratches;
    private final Measuring measuring;
    private final int width;

    /**
     * @param smallestScales what the scale of each group must not fall below, else the group is
     *     rounded again to the nearest level; null for no bound
     * @throws EncodingException if it is not a weight of these groups in this format
     */
    RoundedLoops(
            WeightSite site,
            WeightPlan plan,
            Measuring measuring,
            ScratchPool scratches,
            RoundedWeight rounded,
            float @Nullable [] smallestScales) {
        this.geometry = site.geometry(plan.grouping());
        this.format = plan.affine();
        this.wholeTensor = plan.grouping().kind() == Grouping.Kind.TENSOR;
        this.rounded = rounded;
        this.measuring = measuring;
        this.scratches = scratches;
        this.source = new WeightSource(site);
        this.width = Math.toIntExact(StoredWeight.rowWidth(site, plan, Storage.ROWS));
        try {
            rounded.check(site.name(), format, geometry);
        } catch (IllegalArgumentException wrong) {
            throw new EncodingException(String.valueOf(wrong.getMessage()));
        }
        this.parameters = new GroupParameters(rounded.scales(), rounded.zeroPoints());
        this.raised = new boolean[rounded.scales().length];
        for (int group = 0; smallestScales != null && group < raised.length; group++) {
            if (rounded.scales()[group] < smallestScales[group]) {
                parameters.setScale(group, smallestScales[group]);
                raised[group] = true;
            }
        }
        if (plan.grouping().hasTwoLevels()) {
            parameters.expressInTwoLevels(geometry);
            for (int group = 0; group < raised.length; group++) {
                if (parameters.scale(group) != rounded.scales()[group]) {
                    throw new EncodingException(
                            "tensor '%s' was rounded with scale %s in group %d, which two levels express as %s; round with scales that TwoLevelScales gives"
                                    .formatted(
                                            site.name(),
                                            rounded.scales()[group],
                                            group,
                                            parameters.scale(group)));
                }
            }
        }
    }

    /** The parameters of all groups. */
    GroupParameters parameters() {
        return parameters;
    }

    /** Hands all codes on. */
    WeightMeasurement run(FillContext context, CodeSink sink) throws IOException {
        int elements = rounded.codes().length;
        int piece = Math.max(1, BAND / width) * width;
        int bands = Math.ceilDiv(elements, piece);
        MeasurementCollector measured = new MeasurementCollector(bands, measuring);
        context.parallel(
                bands,
                band -> {
                    int first = band * piece;
                    int count = Math.min(piece, elements - first);
                    ScratchPool.Scratch scratch = scratches.take();
                    try {
                        float[] values = source.read(first, count, scratch);
                        byte[] codes = Arrays.copyOfRange(rounded.codes(), first, first + count);
                        source.locating(first, count, count, () -> requireFinite(values, count));
                        measure(measured, band, first, values, codes);
                        sink.accept(codes, 0, count, first);
                    } finally {
                        scratches.giveBack(scratch);
                    }
                });
        return measured.result(parameters);
    }

    private static void requireFinite(float[] values, int count) {
        for (int i = 0; i < count; i++) {
            if (!Float.isFinite(values[i])) {
                throw new NonFiniteValueException(i, values[i]);
            }
        }
    }

    /** Measures a band; groups whose scale was raised are rounded again first. */
    private void measure(
            MeasurementCollector measured, int band, int first, float[] values, byte[] codes) {
        float minimum = Float.POSITIVE_INFINITY;
        float maximum = Float.NEGATIVE_INFINITY;
        double errorSquares = 0;
        double originalSquares = 0;
        double products = 0;
        double quantizedSquares = 0;
        double largest = 0;
        for (int i = 0; i < codes.length; i++) {
            int group = wholeTensor ? 0 : Math.toIntExact(geometry.groupOf((long) first + i));
            float scale = parameters.scale(group);
            int zeroPoint = parameters.zeroPoint(group);
            float value = values[i];
            if (raised[group]) {
                AffineParameters own = new AffineParameters(scale, zeroPoint);
                codes[i] = (byte) new AffineMapping(format, own).quantize(value);
            }
            int code = format.signed() ? codes[i] : codes[i] & 0xFF;
            double quantized = (code - zeroPoint) * scale;
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
                        codes.length,
                        errorSquares,
                        originalSquares,
                        products,
                        quantizedSquares,
                        largest),
                minimum,
                maximum,
                values,
                codes.length);
    }
}
