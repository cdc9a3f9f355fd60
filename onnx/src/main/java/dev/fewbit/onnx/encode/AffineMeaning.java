package dev.fewbit.onnx.encode;

import dev.fewbit.core.affine.AffineMapping;
import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.quantize.GroupGeometry;

import java.util.stream.IntStream;

/** Codes that count steps from a zero point. */
final class AffineMeaning implements CodeMeaning {
    private final Affine format;
    private final GroupGeometry geometry;
    private final GroupParameters parameters;
    private final boolean[] raised;
    private final boolean keepsAll;

    /**
     * @param raised groups whose weights are to be rounded again, to the nearest level
     */
    AffineMeaning(
            Affine format, GroupGeometry geometry, GroupParameters parameters, boolean[] raised) {
        this.format = format;
        this.geometry = geometry;
        this.parameters = parameters;
        this.raised = raised;
        this.keepsAll = IntStream.range(0, raised.length).noneMatch(group -> raised[group]);
    }

    @Override
    public byte code(long element, byte given, float value) {
        int group = group(element);
        if (!raised[group]) {
            return given;
        }
        AffineParameters own =
                new AffineParameters(parameters.scale(group), parameters.zeroPoint(group));
        return (byte) new AffineMapping(format, own).quantize(value);
    }

    @Override
    public boolean keepsAll() {
        return keepsAll;
    }

    @Override
    public float value(long element, byte code) {
        int group = group(element);
        int number = format.signed() ? code : code & 0xFF;
        return (number - parameters.zeroPoint(group)) * parameters.scale(group);
    }

    private int group(long element) {
        return parameters.groups() == 1 ? 0 : Math.toIntExact(geometry.groupOf(element));
    }
}
