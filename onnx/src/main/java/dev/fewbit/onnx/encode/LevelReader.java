package dev.fewbit.onnx.encode;

import dev.fewbit.core.format.LevelFormat;
import dev.fewbit.core.quantize.TableGeometry;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Value;

import java.util.Arrays;
import java.util.Objects;

/**
 * Codes that count the levels of tables.
 *
 * <pre>
 * one table:      Gather(table, Cast(codes))
 * several tables: Gather(tables, Cast(codes) + channel / channels of a table * levels of a table)
 * </pre>
 *
 * <p>With several tables codes are looked at as a matrix that has the channels on one side.
 */
record LevelReader(
        StoredWeight weight, LevelLayout levels, NodeInserter nodes, SharedConstants constants)
        implements CodeReader {

    /** Type of indices: Gather takes no narrower one. */
    static final ElementType INDEX = ElementType.INT32;

    @Override
    public Value floats(long... shape) {
        return lookedUp(floatTable(), shape);
    }

    @Override
    public float middle() {
        return 0;
    }

    @Override
    public Value integers(ElementType type) {
        Value integers = lookedUp(integerTable(), weight.operandShape());
        return type == ElementType.INT8 ? integers : nodes.cast(integers, type);
    }

    @Override
    public Value operand() {
        return integers(weight.layout().operandType());
    }

    /** All levels as floats, one behind the other. */
    Value floatTable() {
        if (!levels.isLearned()) {
            return constants.levels(levels.format(), ElementType.FLOAT);
        }
        Value stored = Objects.requireNonNull(weight.tables());
        return levels.format().integral() ? nodes.cast(stored, ElementType.FLOAT) : stored;
    }

    private Value integerTable() {
        return levels.isLearned()
                ? Objects.requireNonNull(weight.tables())
                : constants.levels(levels.format(), ElementType.INT8);
    }

    private Value lookedUp(Value table, long... shape) {
        if (!levels.hasSeveralTables()) {
            return nodes.add("Gather", table, weight.unpacked(nodes, constants, INDEX, shape));
        }
        TableGeometry geometry = levels.geometry();
        long channels = geometry.channels();
        long others = geometry.elementCount() / channels;
        boolean rows = geometry.outer() == 1 && !weight.isTurnedOver();
        long[] matrix = rows ? new long[] {channels, others} : new long[] {others, channels};
        Value indices =
                nodes.add(
                        "Add",
                        weight.unpacked(nodes, constants, INDEX, matrix),
                        offsets(rows ? new long[] {channels, 1} : new long[] {channels}));
        Value found = nodes.add("Gather", table, indices);
        return Arrays.equals(matrix, shape)
                ? found
                : nodes.add("Reshape", found, constants.longs(shape));
    }

    /**
     * What is added to the codes of every channel where there are several tables. Computed: an
     * initializer would take 4 bytes a channel.
     *
     * @param shape shape to give to them
     */
    Value offsets(long... shape) {
        LevelFormat format = levels.format();
        TableGeometry geometry = levels.geometry();
        Value channels =
                nodes.add(
                        "Range",
                        constants.integer(0),
                        constants.integer(Math.toIntExact(geometry.channels())),
                        constants.integer(1));
        Value table =
                nodes.add("Div", channels, constants.integer(Math.toIntExact(geometry.together())));
        Value offsets = nodes.add("Mul", table, constants.integer(format.levelCount()));
        return shape.length == 1 ? offsets : nodes.add("Reshape", offsets, constants.longs(shape));
    }
}
