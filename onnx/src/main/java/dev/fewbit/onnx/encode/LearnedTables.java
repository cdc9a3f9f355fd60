package dev.fewbit.onnx.encode;

import dev.fewbit.core.level.LevelTable;
import dev.fewbit.onnx.graph.FillContext;
import dev.fewbit.onnx.graph.Pending;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Writes the levels that a weight has learned. */
final class LearnedTables {
    private LearnedTables() {}

    /**
     * Writes tables one behind the other.
     *
     * @param target as many bytes as there are levels for integers, four times as many for floats
     */
    static void write(FillContext context, Pending target, List<LevelTable> tables)
            throws IOException {
        int levels = tables.size() * tables.getFirst().size();
        boolean integers = target.byteSize() == levels;
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.toIntExact(target.byteSize()))
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (LevelTable table : tables) {
            if (integers) {
                bytes.put(table.integers());
            } else {
                for (float level : table.levels()) {
                    bytes.putFloat(level);
                }
            }
        }
        context.write(target, 0, bytes.flip());
    }
}
