package dev.fewbit.onnx.opset;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

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

    private static final NavigableMap<Integer, Adapter> NONE =
            Collections.unmodifiableNavigableMap(new TreeMap<>());
    private static final Map<String, NavigableMap<Integer, Adapter>> BY_OPERATOR = byOperator();

    private Adapters() {}

    static List<Adapter> all() {
        return ALL;
    }

    /** The adapters of this operator by version; mostly none. */
    static NavigableMap<Integer, Adapter> of(String operator) {
        return BY_OPERATOR.getOrDefault(operator, NONE);
    }

    private static Map<String, NavigableMap<Integer, Adapter>> byOperator() {
        Map<String, NavigableMap<Integer, Adapter>> adapters = new HashMap<>();
        for (Adapter adapter : ALL) {
            for (String operator : adapter.operators()) {
                NavigableMap<Integer, Adapter> versions =
                        adapters.getOrDefault(operator, new TreeMap<>());
                versions.put(adapter.version(), adapter);
                adapters.put(operator, versions);
            }
        }
        return adapters;
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
