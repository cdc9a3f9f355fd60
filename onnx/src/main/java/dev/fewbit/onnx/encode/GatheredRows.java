package dev.fewbit.onnx.encode;

import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.weight.WeightUse;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Looks up integer rows and turns only those into floats.
 *
 * <pre>
 * before: Gather(table, ids)
 * after:  Mul(Sub(Cast(Gather(codes, ids)), Gather(zero point, ids)), Gather(scale, ids))
 *         levels from tables: Mul(Gather(levels, Cast(Gather(codes, ids))), Gather(scale, ids))
 *         narrow codes are unpacked behind the first Gather, see {@link PlaneNodes}
 *         blocks: the same on [..., blocks, block], then Reshape(..., Concat(Shape(ids), width))
 *         blocks that do not divide the width: scales and zero points are repeated instead,
 *         Slice(Reshape(Expand(Gather(scale, ids), block), Concat(Shape(ids), blocks * block)))
 *         scales of two levels are Mul(Cast(Gather(scale, ids)), Gather(base, ids))
 * </pre>
 *
 * <p>DequantizeLinear in front of Gather would turn the whole table into floats at every run;
 * behind it, ONNX Runtime (1.29, 1.30) takes it for the quantized input of a following product and
 * fails. Gather has no kernels for types narrower than a byte, hence the packed bytes. Needs opset
 * 7, 10 for blocks that do not divide, 11 for packed codes and several tables.
 */
final class GatheredRows {
    private final StoredWeight weight;
    private final Value indices;
    private final SharedConstants constants;
    private final NodeInserter nodes;
    private final GroupGeometry geometry;
    private final boolean blocks;
    private final boolean dividing;
    private final Map<String, Value> shapes = new HashMap<>();

    private GatheredRows(
            StoredWeight weight, Value indices, SharedConstants constants, NodeInserter nodes) {
        this.weight = weight;
        this.indices = indices;
        this.constants = constants;
        this.nodes = nodes;
        this.geometry = weight.geometry();
        this.blocks = weight.grouping().kind() == Grouping.Kind.BLOCK;
        this.dividing = blocks && FoldedWeight.divides(geometry);
    }

    static int minimumOpset(WeightLayout layout, GroupGeometry geometry) {
        return FoldedWeight.minimumOpset(layout, geometry);
    }

    static void apply(EncodingContext context, StoredWeight weight, WeightUse use) {
        Node lookup = use.node();
        Graph graph = Objects.requireNonNull(lookup.graph());
        NodeInserter nodes = new NodeInserter(graph, lookup, Labels.of(lookup));
        Value indices = Objects.requireNonNull(lookup.input(1));
        GatheredRows rows = new GatheredRows(weight, indices, context.constants(), nodes);
        graph.replace(lookup, rows.build(lookup.name()));
    }

    private Node build(String name) {
        LevelLayout levels = weight.layout().levels();
        Value stored = weight.storedScale();
        Value real;
        if (levels == null) {
            real = counted();
        } else {
            LevelReader reader = new LevelReader(weight, levels, nodes, constants);
            Value tables = reader.floatTable();
            if (stored == null) {
                return new Node("Gather", name, tables, indices(reader));
            }
            real = nodes.add("Gather", tables, indices(reader));
        }
        Value scale = perGroup(Objects.requireNonNull(stored));
        Value base = weight.scaleBase();
        if (base != null) {
            scale = nodes.add("Mul", nodes.cast(scale, ElementType.FLOAT), perGroup(base));
        }
        if (!dividing) {
            return new Node("Mul", name, real, repeated(scale));
        }
        Value scaled = nodes.add("Mul", real, scale);
        return new Node("Reshape", name, scaled, shape(geometry.length()));
    }

    /** The codes as floats, counted from their zero points. */
    private Value counted() {
        Value codes = codes(ElementType.FLOAT);
        Value zeroPoint = weight.zeroPoint();
        if (zeroPoint != null) {
            Value zero = nodes.cast(perGroup(zeroPoint), ElementType.FLOAT);
            return nodes.add("Sub", codes, repeated(zero));
        }
        float middle = weight.reader(nodes, constants).middle();
        return middle == 0 ? codes : nodes.add("Sub", codes, constants.number(middle));
    }

    /** The codes counted through all tables. */
    private Value indices(LevelReader reader) {
        Value codes = codes(LevelReader.INDEX);
        if (!reader.levels().hasSeveralTables()) {
            return codes;
        }
        // A row is a channel.
        long rows = reader.levels().geometry().channels();
        long[] shape = dividing ? new long[] {rows, 1, 1} : new long[] {rows, 1};
        return nodes.add("Add", codes, nodes.add("Gather", reader.offsets(shape), indices));
    }

    /** The codes as numbers: {@code [..., blocks, block]} if the blocks divide, else rows. */
    private Value codes(ElementType type) {
        CodePlanes planes = weight.layout().planes();
        if (planes == null) {
            Value table = weight.codes();
            Value rows =
                    dividing
                            ? nodes.add(
                                    "Reshape",
                                    table,
                                    constants.longs(geometry.outer(), geometry.groupsPerRun(), -1))
                            : table;
            return nodes.cast(nodes.add("Gather", rows, indices), type);
        }
        Value packed = nodes.add("Gather", weight.codes(), indices);
        if (!planes.isPadded()) {
            return PlaneNodes.unpack(nodes, constants, packed, planes, type, _ -> shape(row()));
        }
        Value rows = PlaneNodes.unpack(nodes, constants, packed, planes, type, this::shape);
        return dividing ? nodes.add("Reshape", rows, shape(row())) : rows;
    }

    private long[] row() {
        long width = weight.site().tensor().dimension(1);
        return dividing
                ? new long[] {geometry.groupsPerRun(), geometry.groupSize()}
                : new long[] {width};
    }

    /** Parameters of the rows that are looked up; one for the whole tensor as it is. */
    private Value perGroup(Value parameters) {
        return weight.grouping().kind() == Grouping.Kind.TENSOR
                ? parameters
                : nodes.add("Gather", parameters, indices);
    }

    /** Parameters of blocks, {@code [..., blocks, 1]}, for every element if they do not divide. */
    private Value repeated(Value perBlock) {
        if (!blocks || dividing) {
            return perBlock;
        }
        long size = geometry.groupSize();
        Value expanded = nodes.add("Expand", perBlock, constants.longs(size));
        Value flat = nodes.add("Reshape", expanded, shape(geometry.groupsPerRun() * size));
        return PlaneNodes.withoutPadding(nodes, constants, flat, geometry.length());
    }

    /** The shape of the indices with these dimensions behind. */
    private Value shape(long... tail) {
        return shapes.computeIfAbsent(
                Arrays.toString(tail),
                _ ->
                        nodes.add(
                                "Concat",
                                node -> node.setAttribute("axis", 0),
                                nodes.add("Shape", indices),
                                constants.longs(tail)));
    }
}
