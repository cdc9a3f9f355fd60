package dev.fewbit.onnx.opset;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;

/** All adapters: every incompatible change of an operator from opset 7 to 26. */
final class Adapters {

    private static final List<Adapter> ALL =
            List.of(
                    new BatchNormalizationPerChannel(),
                    new ScanWithoutBatch(),
                    new UpsampleScalesToInput(),
                    new DropoutMaskIsBoolean(),
                    new SliceBoundsToInputs(),
                    new TopKCountToInput(),
                    new OperatorRenamed(10, "Upsample", "Resize"),
                    new ClipBoundsToInputs(),
                    new PadAmountsToInputs(),
                    new ResizeStatesCoordinates(),
                    new OperatorRenamed(11, "Scatter", "ScatterElements"),
                    new DropoutRatioGone(),
                    new AttributeToInput(
                            13, Set.of("Squeeze", "Unsqueeze", "ReduceSum"), "axes", 1),
                    new AttributeToInput(13, Set.of("Split"), "split", 1),
                    new ErfOfIntegers(),
                    new ResizeOmitsUnused(),
                    new SoftmaxOverFlattenedAxes(),
                    new BatchNormalizationTraining(),
                    new RoiAlignWithoutShift(),
                    new AttributeToInput(18, otherReductions(), "axes", 1),
                    new SplitStatesCount(),
                    new DftAxisToInput(),
                    new GridSampleModeNames(),
                    new GroupNormalizationPerChannel(),
                    new CastOfInfinity());

    private Adapters() {}

    static List<Adapter> all() {
        return ALL;
    }

    /** The adapter of this operator for this version; null when there is none. */
    static @Nullable Adapter of(String operator, int version) {
        for (Adapter adapter : ALL) {
            if (adapter.version() == version && adapter.operators().contains(operator)) {
                return adapter;
            }
        }
        return null;
    }

    /** The reductions that kept their axes in an attribute until opset 18. */
    private static Set<String> otherReductions() {
        return Set.of(
                "ReduceL1",
                "ReduceL2",
                "ReduceLogSum",
                "ReduceLogSumExp",
                "ReduceMax",
                "ReduceMean",
                "ReduceMin",
                "ReduceProd",
                "ReduceSumSquare");
    }
}
