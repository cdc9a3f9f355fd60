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
 * memory as a whole (see {@link BandLoops} for the exceptions).
 */
public final class WeightFiller implements TensorFiller {
    private final WeightSite site;
    private final WeightPlan plan;
    private final WeightLayout layout;
    private final Measuring measuring;
    private final ScratchPool scratches;
    private final RoundedWeights rounded;
    private final Pending codes;
    private final Pending scales;
    private final @Nullable Pending scaleBases;
    private final @Nullable Pending zeroPoints;
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
        long groups = Tensor.elementCount(layout.parameters());
        long[] bases = layout.bases();
        ElementType zeroPointType = layout.zeroPointType();
        this.codes =
                new Pending(layout.codeType().byteSize(Tensor.elementCount(layout.codes())), this);
        this.scales = new Pending(bases == null ? groups * Float.BYTES : groups, this);
        this.scaleBases =
                bases == null ? null : new Pending(Tensor.elementCount(bases) * Float.BYTES, this);
        this.zeroPoints =
                zeroPointType == null ? null : new Pending(zeroPointType.byteSize(groups), this);
    }

    /** Adds the tensors that this filler will fill to the graph. */
    StoredWeight store() {
        long[] parameters = layout.parameters();
        long[] bases = layout.bases();
        ElementType zeroPointType = layout.zeroPointType();
        return new StoredWeight(
                site,
                plan,
                layout,
                add(".codes", layout.codeType(), layout.codes(), codes),
                add(
                        ".scale",
                        bases == null ? ElementType.FLOAT : ElementType.UINT8,
                        parameters,
                        scales),
                bases == null || scaleBases == null
                        ? null
                        : add(".scale_base", ElementType.FLOAT, bases, scaleBases),
                zeroPointType == null || zeroPoints == null
                        ? null
                        : add(".zero_point", zeroPointType, parameters, zeroPoints));
    }

    /** Bytes of codes, scales and zero points. */
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
        Optional<RoundedWeight> given = rounded.of(site.name());
        GroupParameters parameters;
        if (given.isPresent()) {
            RoundedLoops loops =
                    new RoundedLoops(site, plan, measuring, scratches, given.get(), smallest);
            parameters = loops.parameters();
            measurement = loops.run(context, sink);
        } else {
            GroupParameters known =
                    plan.grouping().hasTwoLevels() ? inTwoLevels(context, geometry) : null;
            BandLoops loops =
                    new BandLoops(site, plan, measuring, sink, context, scratches, smallest, known);
            GroupParameters found = loops.run();
            measurement = loops.measurement(found);
            parameters = known == null ? found : known;
        }
        sink.finish(context);
        IntUnaryOperator order = order(geometry, transposed);
        parameters.writeScales(context, scales, scaleBases, order);
        ElementType zeroPointType = layout.zeroPointType();
        if (zeroPoints != null && zeroPointType != null) {
            parameters.writeZeroPoints(
                    context, zeroPoints, zeroPointType.bits(), layout.zeroPointOffset(), order);
        }
        for (BiasFilling bias : biases) {
            bias.fill(context, parameters);
        }
    }

    /**
     * The scales that two levels express, found in a pass of its own: they depend on all blocks.
     */
    private GroupParameters inTwoLevels(FillContext context, GroupGeometry geometry)
            throws IOException {
        BandLoops search =
                new BandLoops(
                        site,
                        plan,
                        Measuring.NOTHING,
                        CodeSinks.nowhere(),
                        context,
                        scratches,
                        null,
                        null);
        GroupParameters found = search.run();
        found.expressInTwoLevels(geometry);
        return found;
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
            sink = CodeSinks.planes(context, codes, planes, -plan.affine().qmin());
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
