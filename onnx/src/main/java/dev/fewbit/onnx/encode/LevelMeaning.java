package dev.fewbit.onnx.encode;

import dev.fewbit.core.level.LevelMapping;
import dev.fewbit.core.level.LevelTable;
import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.core.quantize.TableGeometry;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Codes that count the levels of tables. */
final class LevelMeaning implements CodeMeaning {
    private final List<LevelTable> tables;
    private final TableGeometry geometry;
    private final GroupGeometry groups;
    private final GroupParameters parameters;

    /** For groups that are to be rounded again; null for others. */
    private final @Nullable LevelMapping[] raised;

    /**
     * @param parameters none where levels are not scaled
     * @param raised groups whose weights are to be rounded again, to the nearest level
     */
    LevelMeaning(
            List<LevelTable> tables,
            TableGeometry geometry,
            GroupGeometry groups,
            GroupParameters parameters,
            boolean[] raised) {
        this.tables = tables;
        this.geometry = geometry;
        this.groups = groups;
        this.parameters = parameters;
        this.raised = new LevelMapping[raised.length];
        for (int group = 0; group < raised.length; group++) {
            if (raised[group]) {
                LevelTable table = tables.get(geometry.tableOf(groups.firstOf(group)));
                this.raised[group] = new LevelMapping(table, parameters.scale(group));
            }
        }
    }

    @Override
    public byte code(long element, byte given, float value) {
        LevelMapping again = raised.length == 0 ? null : raised[group(element)];
        return again == null ? given : (byte) again.quantize(value);
    }

    @Override
    public boolean keepsAll() {
        return Arrays.stream(raised).allMatch(Objects::isNull);
    }

    @Override
    public float value(long element, byte code) {
        return scale(group(element)) * tables.get(geometry.tableOf(element)).level(code & 0xFF);
    }

    /** The levels of the group whose scale is in the middle, or of the table in the middle. */
    List<Float> typicalLevels() {
        int group = parameters.groups() == 0 ? 0 : parameters.medianGroup();
        int table =
                parameters.groups() == 0
                        ? tables.size() / 2
                        : geometry.tableOf(groups.firstOf(group));
        List<Float> levels = new ArrayList<>();
        for (float level : tables.get(table).levels()) {
            // Not -0 where a negative scale meets 0.
            levels.add(scale(group) * level + 0f);
        }
        return levels.stream().sorted().toList();
    }

    private float scale(int group) {
        return parameters.groups() == 0 ? 1 : parameters.scale(group);
    }

    private int group(long element) {
        return parameters.groups() <= 1 ? 0 : Math.toIntExact(groups.groupOf(element));
    }
}
