package dev.fewbit.core.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.Codebook.Entries;
import dev.fewbit.core.format.CodebookSharing;
import dev.fewbit.core.format.CodebookSharing.ChannelGroups;
import dev.fewbit.core.format.CodebookSharing.OneTable;
import dev.fewbit.core.format.Granularity;
import dev.fewbit.core.format.Granularity.PerBlock;
import dev.fewbit.core.format.Granularity.PerChannel;
import dev.fewbit.core.format.Granularity.PerTensor;
import dev.fewbit.core.format.PowersOfTwo;
import dev.fewbit.core.level.LevelTable;
import dev.fewbit.core.pack.BitPacking;
import dev.fewbit.core.statistics.ErrorStatistics;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

/** Bands and whole tensors, in all layouts. */
class LevelBandQuantizerTest {

    private static final LevelTables POWERS = LevelTables.of(LevelTable.of(PowersOfTwo.of(3)));

    @Test
    void rowsInBandsAreTheTensor() {
        float[] values = Samples.gaussian(7 * 50, 1);
        float[] weights = new float[50];
        for (int i = 0; i < 50; i++) {
            weights[i] = i % 3;
        }
        Importance importance = Importance.of(weights, 1);
        LevelTensor whole =
                LevelQuantizer.quantize(
                        values,
                        new long[] {7, 50},
                        PowersOfTwo.of(3),
                        new PerBlock(1, 16),
                        importance);
        LevelBandQuantizer quantizer = LevelBandQuantizer.scaled(POWERS);
        LevelBand band = new LevelBand();
        byte[] codes = new byte[values.length];
        float[] scales = new float[7 * 4];
        ErrorStatistics error = ErrorStatistics.NONE;
        for (int row = 0; row < 7; row += 3) {
            int rows = Math.min(3, 7 - row);
            float[] some = importance.forElements(row * 50L, rows * 50);
            float[] part = Arrays.copyOfRange(values, row * 50, (row + rows) * 50);
            quantizer.quantizeRows(part, some, 0, rows, 50, 16, 0, band);
            System.arraycopy(band.codes(), 0, codes, row * 50, band.values());
            System.arraycopy(band.scales(), 0, scales, row * 4, band.groups());
            error = error.merge(band.error());
        }
        assertThat(codes).isEqualTo(whole.codes());
        assertThat(scales).isEqualTo(whole.scales());
        ErrorStatistics expected = ErrorStatistics.between(values, whole.dequantize());
        assertThat(error.errorSquares()).isCloseTo(expected.errorSquares(), within(1e-9));
        assertThat(error.maximumError()).isEqualTo(expected.maximumError());
        assertThat(error.sqnrDecibels()).isCloseTo(expected.sqnrDecibels(), within(1e-9));
    }

    @Test
    void columnsInBandsAreTheTensor() {
        float[] values = Samples.gaussian(50 * 9, 2);
        for (int groupSize : new int[] {16, 50}) {
            Granularity granularity =
                    groupSize == 50 ? new PerChannel(1) : new PerBlock(0, groupSize);
            LevelTensor whole =
                    LevelQuantizer.quantize(
                            values,
                            new long[] {50, 9},
                            PowersOfTwo.of(3),
                            granularity,
                            Importance.EQUAL);
            LevelBandQuantizer quantizer = LevelBandQuantizer.scaled(POWERS);
            LevelBand band = new LevelBand();
            int perColumn = Math.ceilDiv(50, groupSize);
            for (int first = 0; first < 9; first += 4) {
                int columns = Math.min(4, 9 - first);
                quantizer.quantizeColumns(values, null, first, 50, columns, 9, groupSize, 0, band);
                for (int row = 0; row < 50; row++) {
                    for (int c = 0; c < columns; c++) {
                        assertThat(band.codes()[row * columns + c])
                                .isEqualTo(whole.codes()[row * 9 + first + c]);
                    }
                }
                for (int g = 0; g < perColumn; g++) {
                    for (int c = 0; c < columns; c++) {
                        assertThat(band.scales()[g * columns + c])
                                .isEqualTo(whole.scales()[g * 9 + first + c]);
                    }
                }
            }
        }
    }

    @Test
    void tablesOfChannelsAreUsedForTheirChannels() {
        // Channels of very different values in the columns of a matrix.
        int depth = 40;
        int channels = 10;
        float[] values = Samples.gaussian(depth * channels, 3);
        for (int i = 0; i < values.length; i++) {
            values[i] *= (float) Math.pow(3, Math.floorDiv(i % channels, 3));
        }
        long[] shape = {depth, channels};
        Codebook format = new Codebook(2);
        CodebookSharing sharing = new ChannelGroups(1, 3);
        LevelTensor tensor =
                LevelQuantizer.quantize(
                        values, shape, format, new PerTensor(), sharing, Importance.EQUAL);
        assertThat(tensor.tables().tables()).hasSize(4);
        assertThat(tensor.scales()).isEmpty();
        for (int table = 0; table < 4; table++) {
            int columns = Math.min(3, channels - 3 * table);
            float[] own = new float[depth * columns];
            for (int i = 0; i < own.length; i++) {
                own[i] = values[i / columns * channels + 3 * table + i % columns];
            }
            assertThat(LevelSearch.table(format, WeightedChunks.of(own, 0, own.length)))
                    .isEqualTo(tensor.tables().of(3 * table));
        }
        LevelBand band = new LevelBand();
        LevelBandQuantizer quantizer = LevelBandQuantizer.unscaled(tensor.tables());
        quantizer.quantizeColumns(values, null, 2, depth, 8, channels, depth, 2, band);
        float[] again = tensor.dequantize();
        for (int i = 0; i < depth * 8; i++) {
            int channel = 2 + i % 8;
            LevelTable table = tensor.tables().of(channel);
            assertThat(table.level(band.codes()[i] & 0xFF))
                    .isEqualTo(again[i / 8 * channels + channel]);
        }
        // The same channels as rows.
        float[] turned = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            turned[i % channels * depth + i / channels] = values[i];
        }
        LevelTensor rows =
                LevelQuantizer.quantize(
                        turned,
                        new long[] {channels, 5, depth / 5},
                        format,
                        new PerTensor(),
                        new ChannelGroups(0, 3),
                        Importance.EQUAL);
        assertThat(rows.tables()).isEqualTo(tensor.tables());
        quantizer.quantizeRows(turned, null, depth * 4, 6, depth, depth, 4, band);
        assertThat(Arrays.copyOf(band.codes(), depth * 6))
                .isEqualTo(Arrays.copyOfRange(rows.codes(), depth * 4, depth * 10));
    }

    @Test
    void quantizedTensorsComeBackAsTheyAre() {
        float[] values = Samples.gaussian(64 * 12, 4);
        long[] shape = {64, 12};
        for (Codebook format : List.of(new Codebook(3), new Codebook(3, Entries.INT8))) {
            for (Granularity granularity :
                    List.of(new PerTensor(), new PerChannel(1), new PerBlock(0, 16))) {
                for (CodebookSharing sharing : List.of(new OneTable(), new ChannelGroups(1, 5))) {
                    if (granularity instanceof PerTensor
                            && format.integral()
                            && sharing instanceof ChannelGroups) {
                        assertThatThrownBy(
                                        () -> quantize(values, shape, format, granularity, sharing))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("cannot have tables per 5 channels");
                        continue;
                    }
                    LevelTensor once = quantize(values, shape, format, granularity, sharing);
                    LevelTensor twice =
                            LevelQuantizer.quantizeTo(
                                    once.tables(),
                                    once.dequantize(),
                                    shape,
                                    format,
                                    granularity,
                                    sharing,
                                    Importance.EQUAL);
                    assertThat(
                                    ErrorStatistics.between(once.dequantize(), twice.dequantize())
                                            .sqnrDecibels())
                            .isGreaterThan(130);
                    assertThat(quantize(values, shape, format, granularity, sharing).packedCodes())
                            .isEqualTo(once.packedCodes());
                }
            }
        }
    }

    private static LevelTensor quantize(
            float[] values,
            long[] shape,
            Codebook format,
            Granularity granularity,
            CodebookSharing sharing) {
        return LevelQuantizer.quantize(
                values, shape, format, granularity, sharing, Importance.EQUAL);
    }

    @Test
    void sizesCountTablesAndScales() {
        float[] values = Samples.gaussian(64 * 12, 5);
        long[] shape = {64, 12};
        LevelTensor powers =
                LevelQuantizer.quantize(
                        values, shape, PowersOfTwo.of(3), new PerChannel(1), Importance.EQUAL);
        assertThat(powers.sizeInBits()).isEqualTo(64 * 12 * 3 + 12 * 32);
        assertThat(powers.bitsPerWeight()).isEqualTo(3.5);
        assertThat(
                        quantize(
                                        values,
                                        shape,
                                        new Codebook(3),
                                        new PerTensor(),
                                        new ChannelGroups(1, 5))
                                .sizeInBits())
                .isEqualTo(64 * 12 * 3 + 3 * 8 * 32);
        assertThat(
                        quantize(
                                        values,
                                        shape,
                                        new Codebook(3, Entries.INT8),
                                        new PerChannel(1),
                                        new OneTable())
                                .sizeInBits())
                .isEqualTo(64 * 12 * 3 + 8 * 8 + 12 * 32);
    }

    @Test
    void scalesThatAreKnownAreUsed() {
        float[] values = {-0.5f, 0.9f, 3.7f, -8};
        LevelBand band = new LevelBand();
        LevelBandQuantizer quantizer = LevelBandQuantizer.scaled(POWERS);
        quantizer.quantizeWith(0.5f, 0, values, 1, 3, band);
        // Levels -8 -4 -2 -1 0 2 4 8, halved.
        assertThat(Arrays.copyOf(band.codes(), 3)).containsExactly(5, 7, 0);
        assertThat(band.scales()[0]).isEqualTo(0.5f);
        assertThat(band.minimum()).isEqualTo(-8);
        assertThat(band.maximum()).isEqualTo(3.7f);
        assertThat(band.error().maximumError()).isEqualTo(4);
        quantizer.withoutErrors().quantizeWith(0.5f, 0, values, 1, 3, band);
        assertThat(band.error().count()).isZero();
        quantizer.quantizeWith(0.5f, 0, values, 1, 0, band);
        assertThat(band.values()).isZero();
        assertThat(band.groups()).isZero();
    }

    @Test
    void scalesArePositiveWhereThatIsAskedFor() {
        float[] values = Samples.gaussian(32 * 50, 6);
        LevelBand band = new LevelBand();
        LevelBandQuantizer.positivelyScaled(POWERS)
                .quantizeRows(values, null, 0, 50, 32, 32, 0, band);
        double positive = band.error().errorSquares();
        for (int g = 0; g < band.groups(); g++) {
            assertThat(band.scales()[g]).isPositive();
        }
        LevelBandQuantizer.scaled(POWERS).quantizeRows(values, null, 0, 50, 32, 32, 0, band);
        assertThat(band.error().errorSquares()).isLessThan(positive);
    }

    @Test
    void valuesThatAreNotFiniteAreRefusedWithTheirPlace() {
        float[] values = new float[12];
        values[7] = Float.NEGATIVE_INFINITY;
        LevelBand band = new LevelBand();
        LevelBandQuantizer quantizer = LevelBandQuantizer.scaled(POWERS);
        assertPlace(5, () -> quantizer.quantizeRows(values, null, 2, 2, 5, 5, 0, band));
        assertPlace(6, () -> quantizer.quantizeColumns(values, null, 1, 3, 2, 3, 3, 0, band));
        for (Granularity granularity : List.of(new PerTensor(), new PerChannel(1))) {
            assertPlace(
                    7,
                    () ->
                            LevelQuantizer.quantize(
                                    values,
                                    new long[] {3, 4},
                                    PowersOfTwo.of(2),
                                    granularity,
                                    Importance.EQUAL));
        }
        assertPlace(
                7,
                () ->
                        quantize(
                                values,
                                new long[] {3, 4},
                                new Codebook(2),
                                new PerTensor(),
                                new OneTable()));
    }

    private static void assertPlace(int index, Runnable action) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        NonFiniteValueException.class, e -> assertThat(e.index()).isEqualTo(index));
    }

    @Test
    void emptyTensorsAndScalarsHaveLevels() {
        LevelTensor none =
                LevelQuantizer.quantize(
                        new float[0],
                        new long[] {0, 4},
                        PowersOfTwo.of(3),
                        new PerChannel(1),
                        Importance.EQUAL);
        assertThat(none.dequantize()).isEmpty();
        LevelTensor scalar =
                quantize(
                        new float[] {0.3f},
                        new long[0],
                        new Codebook(1),
                        new PerTensor(),
                        new OneTable());
        assertThat(scalar.dequantize()).containsExactly(0.3f);
    }

    @Test
    void partsThatDoNotFitAreRefused() {
        assertThatThrownBy(
                        () ->
                                new LevelTensor(
                                        PowersOfTwo.of(3),
                                        new PerTensor(),
                                        new OneTable(),
                                        new long[] {8},
                                        new byte[(int) BitPacking.packedSize(8, 3)],
                                        POWERS.tables(),
                                        new float[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs 1 scales, got 0");
        assertThatThrownBy(() -> Importance.of(new float[] {-1}, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () ->
                                new LevelTables(
                                        List.of(LevelTable.of(0, 1), LevelTable.of(0, 1, 2, 3)), 1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
