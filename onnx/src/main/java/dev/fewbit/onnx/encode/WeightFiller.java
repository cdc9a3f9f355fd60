package dev.fewbit.onnx.encode;

import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.quantize.GroupGeometry;
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

/**
 * Quantizes one weight while the model is written: reads the floats band by band, and writes codes
 * as soon as they are known, so that neither the floats nor the codes of a large weight are in
 * memory as a whole (see {@link BandLoops} for the exceptions).
 */
public final class WeightFiller implements TensorFiller {
    private final WeightSite site;
    private final WeightPlan plan;
    private final Storage storage;
    private final Measuring measuring;
    private final ScratchPool scratches;
    private final Pending codes;
    private final Pending scales;
    private final @Nullable Pending zeroPoints;
    private final StoredShapes shapes;
    private final List<BiasFilling> biases;
    private volatile @Nullable WeightMeasurement measurement;

    WeightFiller(
            WeightSite site,
            WeightPlan plan,
            Storage storage,
            Measuring measuring,
            ScratchPool scratches,
            List<IntegerBias> biases) {
        this.site = site;
        this.plan = plan;
        this.storage = storage;
        this.measuring = measuring;
        this.scratches = scratches;
        this.shapes = StoredShapes.of(site, plan, storage);
        this.biases = biases.stream().map(bias -> new BiasFilling(bias, plan, this)).toList();
        long groups = Tensor.elementCount(shapes.parameters());
        ElementType zeroPointType = shapes.zeroPointType();
        this.codes =
                new Pending(shapes.codeType().byteSize(Tensor.elementCount(shapes.codes())), this);
        this.scales = new Pending(groups * Float.BYTES, this);
        this.zeroPoints =
                zeroPointType == null ? null : new Pending(zeroPointType.byteSize(groups), this);
    }

    /** Adds the tensors that this filler will fill to the graph. */
    StoredWeight store() {
        Graph graph = site.graph();
        Value codeValue = add(graph, ".codes", shapes.codeType(), shapes.codes(), codes);
        Value scaleValue = add(graph, ".scale", ElementType.FLOAT, shapes.parameters(), scales);
        ElementType zeroPointType = shapes.zeroPointType();
        Value zeroPointValue =
                zeroPoints == null || zeroPointType == null
                        ? null
                        : add(graph, ".zero_point", zeroPointType, shapes.parameters(), zeroPoints);
        return new StoredWeight(site, plan, storage, codeValue, scaleValue, zeroPointValue);
    }

    /** Lets the nodes read the biases that this filler will fill; once, after {@link #store}. */
    void connectBiases() {
        biases.forEach(BiasFilling::connect);
    }

    private Value add(Graph graph, String suffix, ElementType type, long[] shape, Pending data) {
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
        boolean transposed = storage == Storage.MATRIX && site.leadingUse().transposed();
        CodeSink sink = sink(context, transposed);
        float @Nullable [] smallest =
                biases.isEmpty()
                        ? null
                        : IntegerBias.smallestScales(
                                biases.stream().map(BiasFilling::bias).toList(),
                                Math.toIntExact(geometry.groupCount()));
        BandLoops loops = new BandLoops(site, plan, measuring, sink, context, scratches, smallest);
        GroupParameters parameters = loops.run();
        sink.finish(context);
        measurement = loops.measurement(parameters);
        if (transposed && plan.grouping().kind() == Grouping.Kind.BLOCK) {
            parameters.transpose(
                    Math.toIntExact(geometry.outer()), Math.toIntExact(geometry.groupsPerRun()));
        }
        parameters.writeScales(context, scales);
        if (zeroPoints != null) {
            parameters.writeZeroPoints(context, zeroPoints, plan.format(), storage);
        }
        for (BiasFilling bias : biases) {
            bias.fill(context, parameters);
        }
    }

    private CodeSink sink(FillContext context, boolean transposed) {
        int bits = Storage.codeBits(plan);
        if (storage == Storage.ROWS && bits < 8) {
            int width = Math.toIntExact(StoredWeight.rowWidth(site, plan.grouping()));
            return CodeSinks.rowPlanes(context, codes, plan.format(), width);
        }
        CodeSink packed = CodeSinks.packed(context, codes, bits);
        return transposed
                ? new TransposingSink(
                        packed, site.tensor().dimension(0), site.tensor().dimension(1))
                : packed;
    }
}
