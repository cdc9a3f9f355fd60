package dev.fewbit.core.rounding.layer;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.Codebook.Entries;
import dev.fewbit.core.format.MidRise;
import dev.fewbit.core.format.PowersOfTwo;
import dev.fewbit.core.format.WeightFormat;

import java.util.List;
import java.util.stream.Stream;

/** Every kind of levels together with every kind of scales. */
final class Formats {
    /** Columns of the matrices that are rounded; the blocks do not divide them. */
    static final int COLUMNS = 40;

    private static final int BLOCK = 16;

    /** Rows of a table, where a format has some. */
    private static final int TABLE_ROWS = 8;

    private static final List<WeightFormat> KINDS =
            List.of(
                    new Affine(2, true, true),
                    new Affine(3, false, true),
                    new Affine(4, true, true),
                    new Affine(4, false, false),
                    new Affine(3, true, false),
                    new Affine(8, true, true),
                    new Affine(8, false, false),
                    new MidRise(1),
                    new MidRise(2),
                    new MidRise(7),
                    PowersOfTwo.of(3),
                    PowersOfTwo.of(4),
                    PowersOfTwo.of(5),
                    new PowersOfTwo(5, PowersOfTwo.Base.ROOT_OF_TWO),
                    new Codebook(2),
                    new Codebook(4),
                    new Codebook(3, Entries.INT8),
                    new Codebook(4, Entries.INT8));

    private Formats() {}

    /** All of them, with as many tables as the rows make. */
    static Stream<LayerFormat> all() {
        return KINDS.stream()
                .flatMap(
                        kind ->
                                Stream.of(
                                        new LayerFormat(kind, COLUMNS, Scaling.SHARED),
                                        new LayerFormat(kind, COLUMNS, Scaling.FLOATS),
                                        new LayerFormat(kind, BLOCK, Scaling.FLOATS, TABLE_ROWS),
                                        new LayerFormat(kind, BLOCK, Scaling.TWO_LEVELS),
                                        new LayerFormat(
                                                kind, COLUMNS, Scaling.TWO_LEVELS, TABLE_ROWS),
                                        new LayerFormat(
                                                kind, COLUMNS, Scaling.SHARED, TABLE_ROWS)));
    }
}
