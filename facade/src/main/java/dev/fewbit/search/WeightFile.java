package dev.fewbit.search;

import dev.fewbit.core.level.LevelTable;
import dev.fewbit.core.plan.Correction.BiasShift;
import dev.fewbit.core.quantize.RoundedWeight;
import dev.fewbit.rounding.RoundableLayer.Rounded;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * A rounded weight in a file, with the shift of the bias that goes with it: counts and numbers,
 * deflated, which packs codes of few bits.
 */
final class WeightFile {
    private static final int BUFFER = 1 << 16;

    private WeightFile() {}

    static void write(Rounded rounded, Path file) throws IOException {
        RoundedWeight weight = rounded.weight();
        Deflater fast = new Deflater(Deflater.BEST_SPEED);
        try (OutputStream raw = Files.newOutputStream(file);
                DataOutputStream out =
                        new DataOutputStream(new DeflaterOutputStream(raw, fast, BUFFER))) {
            out.writeInt(weight.codes().length);
            out.write(weight.codes());
            write(out, weight.scales());
            out.writeInt(weight.zeroPoints().length);
            for (int zeroPoint : weight.zeroPoints()) {
                out.writeInt(zeroPoint);
            }
            out.writeInt(weight.tables().size());
            for (LevelTable table : weight.tables()) {
                write(out, table.levels());
            }
            out.writeBoolean(rounded.shift().isPresent());
            if (rounded.shift().isPresent()) {
                write(out, rounded.shift().get());
            }
        } finally {
            fast.end();
        }
    }

    private static void write(DataOutputStream out, float[] values) throws IOException {
        out.writeInt(values.length);
        for (float value : values) {
            out.writeFloat(value);
        }
    }

    private static void write(DataOutputStream out, BiasShift shift) throws IOException {
        out.writeUTF(shift.node());
        out.writeUTF(shift.reason());
        out.writeInt(shift.shift().size());
        for (float each : shift.shift()) {
            out.writeFloat(each);
        }
    }

    private static BiasShift shift(DataInputStream in) throws IOException {
        String node = in.readUTF();
        String reason = in.readUTF();
        List<Float> shift = new ArrayList<>();
        for (float each : floats(in)) {
            shift.add(each);
        }
        return new BiasShift(node, shift, reason);
    }

    static Rounded read(Path file) throws IOException {
        try (DataInputStream in =
                new DataInputStream(
                        new BufferedInputStream(
                                new InflaterInputStream(Files.newInputStream(file)), BUFFER))) {
            byte[] codes = in.readNBytes(in.readInt());
            float[] scales = floats(in);
            int[] zeroPoints = new int[in.readInt()];
            for (int i = 0; i < zeroPoints.length; i++) {
                zeroPoints[i] = in.readInt();
            }
            List<LevelTable> tables = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                tables.add(LevelTable.of(floats(in)));
            }
            Optional<BiasShift> shift =
                    in.readBoolean() ? Optional.of(shift(in)) : Optional.empty();
            return new Rounded(new RoundedWeight(codes, scales, zeroPoints, tables), shift);
        }
    }

    private static float[] floats(DataInputStream in) throws IOException {
        float[] values = new float[in.readInt()];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readFloat();
        }
        return values;
    }
}
