package dev.fewbit.core.rounding;

/**
 * A grid whose groups are fitted one after the other. Bands of rows may be worked on by several
 * threads.
 */
final class FoundGrid {

    private final int rows;
    private final int columns;
    private final int groupSize;
    private final int groups;
    private final GridFit fit;

    /** Of every group of columns and every band of rows that was reached. */
    private final RoundingGrid[][] pieces;

    FoundGrid(int rows, int columns, int groupSize, GridFit fit) {
        GridShape shape = new GridShape(rows, columns, groupSize);
        this.rows = rows;
        this.columns = columns;
        this.groupSize = groupSize;
        this.groups = shape.groups();
        this.fit = fit;
        this.pieces = new RoundingGrid[Math.ceilDiv(rows, Gptq.BAND)][groups];
    }

    /** The grid of a band, to be found. */
    GridSource band(int firstRow, int endRow) {
        return new Band(pieces[firstRow / Gptq.BAND], firstRow, endRow - firstRow);
    }

    /** All that was found as one grid. */
    RoundingGrid grid() {
        float[] scales = new float[rows * groups];
        int[] zeroPoints = new int[rows * groups];
        for (int row = 0; row < rows; row++) {
            for (int g = 0; g < groups; g++) {
                RoundingGrid piece = pieces[row / Gptq.BAND][g];
                scales[row * groups + g] = piece.scale(row % Gptq.BAND, 0);
                if (piece instanceof AffineGrid affine) {
                    zeroPoints[row * groups + g] = affine.zeroPoint(row % Gptq.BAND, 0);
                }
            }
        }
        return switch (pieces[0][0]) {
            case AffineGrid affine ->
                    new AffineGrid(rows, columns, groupSize, affine.format(), scales, zeroPoints);
            case LevelGrid level ->
                    new LevelGrid(
                            rows, columns, groupSize, new float[][] {level.table(0)}, rows, scales);
        };
    }

    private final class Band implements GridSource {
        private final RoundingGrid[] found;
        private final int firstRow;
        private final int bandRows;

        Band(RoundingGrid[] found, int firstRow, int bandRows) {
            this.found = found;
            this.firstRow = firstRow;
            this.bandRows = bandRows;
        }

        /** A block ends where a group does, so that all of a group is up to date at its start. */
        @Override
        public int blockEnd(int start, int columns, int most) {
            int end =
                    groupSize <= most
                            ? start + most / groupSize * groupSize
                            : Math.min(start + most, (start / groupSize + 1) * groupSize);
            return Math.min(columns, end);
        }

        @Override
        public void reach(int column, double[] work, int stride) {
            if (column % groupSize == 0) {
                int width = Math.min(groupSize, columns - column);
                float[] values = new float[bandRows * width];
                for (int r = 0; r < bandRows; r++) {
                    for (int c = 0; c < width; c++) {
                        values[r * width + c] = (float) work[r * stride + column + c];
                    }
                }
                RoundingGrid grid = fit.fit(new WeightMatrix(values, bandRows, width));
                if (grid.rows() != bandRows || grid.columns() != width || grid.groups() != 1) {
                    throw new IllegalArgumentException(
                            "a grid of %d x %d with one group a row is needed, got %d x %d with %d"
                                    .formatted(
                                            bandRows,
                                            width,
                                            grid.rows(),
                                            grid.columns(),
                                            grid.groups()));
                }
                found[column / groupSize] = grid;
            }
        }

        @Override
        public byte nearest(int row, int column, double value) {
            return found[column / groupSize].nearest(row - firstRow, column % groupSize, value);
        }

        @Override
        public float value(int row, int column, byte code) {
            return found[column / groupSize].value(row - firstRow, column % groupSize, code);
        }
    }
}
