package dev.fewbit.onnx.encode;

import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.core.quantize.RoundedWeight;
import dev.fewbit.core.quantize.RoundedWeights;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.FillContext;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Pending;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.TensorFiller;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.weight.WeightSite;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * Quantizes one weight while the model is written: reads the floats band by band, and writes codes
 * as soon as they are known, so that neither the floats nor the codes of a large weight are in
 * memory as a whole (see {@link BandLoops} and {@link LevelCoding} for the exceptions).
 */
public final class WeightFiller implements TensorFiller {
    private final WeightSite site;
    private final WeightPlan plan;
    private final WeightLayout layout;
    private final Measuring measuring;
    private final ScratchPool scratches;
    private final RoundedWeights rounded;
    private final Pending codes;
    private final @Nullable Pending scales;
    private final @Nullable Pending scaleBases;
    private final @Nullable Pending zeroPoints;
    private final @Nullable Pending tables;
    private final List<BiasFilling> biases;
    private volatile @Nullable WeightMeasurement measurement;

    WeightFiller(
            WeightSite site,
            WeightPlan plan,
            WeightLayout layout,
            Measuring measuring,
            ScratchPool scratches,
            RoundedWeights rounded,
            List<IntegerBias> biases) {
        this.site = site;
        this.plan = plan;
        this.layout = layout;
        this.measuring = measuring;
        this.scratches = scratches;
        this.rounded = rounded;
        this.biases = biases.stream().map(bias -> new BiasFilling(bias, plan, this)).toList();
        long groups = layout.scales();
        LevelLayout levels = layout.levels();
        long[] bases = layout.bases();
        ElementType zeroPointType = layout.zeroPointType();
        this.codes =
                new Pending(layout.codeType().byteSize(Tensor.elementCount(layout.codes())), this);
        this.scales =
                levels != null && !levels.hasScales()
                        ? null
                        : new Pending(bases == null ? groups * Float.BYTES : groups, this);
        this.scaleBases =
                bases == null ? null : new Pending(Tensor.elementCount(bases) * Float.BYTES, this);
        this.zeroPoints =
                zeroPointType == null ? null : new Pending(zeroPointType.byteSize(groups), this);
        this.tables =
                levels == null || !levels.isLearned() ? null : new Pending(levels.bytes(), this);
    }

    /** Adds the tensors that this filler will fill to the graph. */
    StoredWeight store() {
        long[] parameters = layout.parameters();
        long[] bases = layout.bases();
        ElementType zeroPointType = layout.zeroPointType();
        LevelLayout levels = layout.levels();
        return new StoredWeight(
                site,
                plan,
                layout,
                add(".codes", layout.codeType(), layout.codes(), codes),
                scales == null
                        ? null
                        : add(
                                ".scale",
                                bases == null ? ElementType.FLOAT : ElementType.UINT8,
                                parameters,
                                scales),
                bases == null || scaleBases == null
                        ? null
                        : add(".scale_base", ElementType.FLOAT, bases, scaleBases),
                zeroPointType == null || zeroPoints == null
                        ? null
                        : add(".zero_point", zeroPointType, parameters, zeroPoints),
                levels == null || tables == null
                        ? null
                        : add(
                                ".levels",
                                levels.tableType(),
                                new long[] {levels.learnedLevels()},
                                tables));
    }

    /** Bytes of codes, scales, zero points and learned levels. */
    long bytes() {
        return layout.bytes();
    }

    /** Lets the nodes read the biases that this filler will fill; once, after {@link #store}. */
    void connectBiases() {
        biases.forEach(BiasFilling::connect);
    }

    private Value add(String suffix, ElementType type, long[] shape, Pending data) {
        Graph graph = site.graph();
        return graph.addInitializer(
                graph.freshName(site.name() + suffix), new Tensor(type, shape, data));
    }

    /**
     * What it cost.
     *
     * @throws IllegalStateException before the model has been written
     */
    public WeightMeasurement measurement() {
        WeightMeasurement done = measurement;
        if (done == null) {
            throw new IllegalStateException(
                    "tensor '" + site.name() + "' is measured while the model is written");
        }
        return done;
    }

    @Override
    public void fill(FillContext context) throws IOException {
        GroupGeometry geometry = site.geometry(plan.grouping());
        boolean transposed = layout.storage() == Storage.MATRIX && site.leadingUse().transposed();
        CodeSink sink = sink(context, transposed);
        float @Nullable [] smallest =
                biases.isEmpty()
                        ? null
                        : IntegerBias.smallestScales(
                                biases.stream().map(BiasFilling::bias).toList(),
                                Math.toIntExact(geometry.groupCount()));
        CodedWeight coded = code(context, sink, smallest);
        sink.finish(context);
        measurement = coded.measurement();
        GroupParameters parameters = coded.parameters();
        IntUnaryOperator order = order(geometry, transposed);
        if (scales != null) {
            parameters.writeScales(context, scales, scaleBases, order);
        }
        ElementType zeroPointType = layout.zeroPointType();
        if (zeroPoints != null && zeroPointType != null) {
            parameters.writeZeroPoints(
                    context, zeroPoints, zeroPointType.bits(), layout.codeOffset(), order);
        }
        if (tables != null) {
            LearnedTables.write(context, tables, coded.tables());
        }
        for (BiasFilling bias : biases) {
            bias.fill(context, parameters);
        }
    }

    private CodedWeight code(FillContext context, CodeSink sink, float @Nullable [] smallest)
            throws IOException {
        Optional<RoundedWeight> given = rounded.of(site.name());
        // What biases ask of the scales may be another thing the next time.
        if (given.isPresent() || smallest != null || !rounded.wants(site.name())) {
            return code(given, context, sink, smallest);
        }
        byte[] codes = new byte[Math.toIntExact(site.tensor().elementCount())];
        CodedWeight found = code(given, context, CodeSinks.copying(sink, codes), null);
        rounded.take(site.name(), found.rounded(codes, layout.levels() == null));
        return found;
    }

    private CodedWeight code(
            Optional<RoundedWeight> given,
            FillContext context,
            CodeSink sink,
            float @Nullable [] smallest)
            throws IOException {
        LevelLayout levels = layout.levels();
        if (levels != null) {
            LevelCoding coding = new LevelCoding(site, plan, levels, measuring, scratches);
            return given.isPresent()
                    ? coding.given(given.get(), context, sink, smallest)
                    : coding.nearest(context, sink, smallest);
        }
        AffineCoding coding = new AffineCoding(site, plan, plan.affine(), measuring, scratches);
        return given.isPresent()
                ? coding.given(given.get(), context, sink, smallest)
                : coding.nearest(context, sink, smallest);
    }

    /** Groups are numbered as {@code [outer, blocks, inner]}, and stored so unless turned over. */
    private IntUnaryOperator order(GroupGeometry geometry, boolean transposed) {
        if (!transposed || plan.grouping().kind() != Grouping.Kind.BLOCK) {
            return IntUnaryOperator.identity();
        }
        int rows = Math.toIntExact(geometry.outer());
        int blocks = Math.toIntExact(geometry.groupsPerRun());
        return stored -> stored % rows * blocks + stored / rows;
    }

    private CodeSink sink(FillContext context, boolean transposed) {
        CodePlanes planes = layout.planes();
        long elements = site.tensor().elementCount();
        CodeSink sink;
        boolean wholeBytes;
        if (planes == null) {
            int bits = layout.codeType().bits();
            sink = CodeSinks.packed(context, codes, bits);
            wholeBytes = StoredWeight.rowWidth(site, plan, layout.storage()) * bits % 8 == 0;
        } else {
            sink = CodeSinks.planes(context, codes, planes, layout.codeOffset());
            wholeBytes = !planes.isOneRow();
        }
        if (!wholeBytes) {
            sink = CodeSinks.inOnePiece(sink, elements);
        }
        return transposed
                ? new TransposingSink(sink, site.tensor().dimension(0), site.tensor().dimension(1))
                : sink;
    }
}
