package dev.fewbit.runtime.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.runtime.picture.Preprocessing.Channels;
import dev.fewbit.runtime.picture.Preprocessing.Layout;
import dev.fewbit.runtime.picture.Resampling.Filter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

class PreprocessingTest {

    private static final Sizing AS_IS = new Sizing.AsIs(OptionalInt.empty(), OptionalInt.empty());

    private static Preprocessing plain(Sizing sizing, Layout layout, Channels channels) {
        return new Preprocessing(
                sizing,
                Filter.BILINEAR,
                true,
                layout,
                channels,
                1,
                Collections.nCopies(channels.count(), 0.0),
                Collections.nCopies(channels.count(), 1.0));
    }

    /** Every sample says where it is: 100 y + 10 x + band. */
    private static Picture numbered(int width, int height) {
        byte[] samples = new byte[3 * width * height];
        for (int i = 0; i < samples.length; i++) {
            int pixel = i / 3;
            samples[i] = (byte) (100 * (pixel / width) + 10 * (pixel % width) + i % 3);
        }
        return new Picture(width, height, samples);
    }

    @Test
    void layoutsAndChannels() throws Exception {
        Picture picture = numbered(2, 2);
        assertThat(plain(AS_IS, Layout.NCHW, Channels.RGB).apply(picture).values())
                .containsExactly(0, 10, 100, 110, 1, 11, 101, 111, 2, 12, 102, 112);
        assertThat(plain(AS_IS, Layout.NHWC, Channels.BGR).apply(picture).values())
                .containsExactly(2, 1, 0, 12, 11, 10, 102, 101, 100, 112, 111, 110);
        // Pillow's convert('L'): (19595 r + 38470 g + 7471 b + 32768) >> 16.
        assertThat(plain(AS_IS, Layout.NCHW, Channels.GRAY).apply(picture).values())
                .containsExactly(1, 11, 101, 111);
    }

    @Test
    void grayIsPillows() throws Exception {
        byte[] samples = {0, 53, 106, 37, 90, (byte) 143, (byte) 222, 19, 72};
        Prepared gray = plain(AS_IS, Layout.NCHW, Channels.GRAY).apply(new Picture(3, 1, samples));
        assertThat(gray.values()).containsExactly(43, 80, 86);
    }

    @Test
    void valuesAreScaledThenCentredThenDivided() throws Exception {
        Preprocessing normalizing =
                new Preprocessing(
                        AS_IS,
                        Filter.BILINEAR,
                        true,
                        Layout.NHWC,
                        Channels.BGR,
                        1.0 / 255,
                        List.of(0.406, 0.456, 0.485),
                        List.of(0.225, 0.224, 0.229));
        byte[] samples = {(byte) 255, 51, 0};
        assertThat(normalizing.apply(new Picture(1, 1, samples)).values())
                .containsExactly(
                        (float) (-0.406 / 0.225),
                        (float) ((0.2 - 0.456) / 0.224),
                        (float) ((1 - 0.485) / 0.229));
    }

    /** Places of the cut as torchvision's CenterCrop: halves round to even. */
    @ParameterizedTest
    @CsvSource({
        // width, height, crop width, crop height, first value
        "4, 4, 2, 2, 110",
        "5, 4, 2, 2, 120", // (5 - 2) / 2 = 1.5 -> 2
        "3, 3, 2, 2, 0", // 0.5 -> 0
        "4, 5, 4, 2, 200", // 1.5 -> 2
    })
    void theMiddleIsCutOut(int width, int height, int columns, int rows, float first)
            throws Exception {
        Sizing crop = new Sizing.CentreCrop(OptionalInt.empty(), rows, columns);
        Prepared cut = plain(crop, Layout.NCHW, Channels.RGB).apply(numbered(width, height));
        assertThat(cut.values()[0]).isEqualTo(first);
        assertThat(cut.width()).isEqualTo(columns);
        assertThat(cut.height()).isEqualTo(rows);
    }

    @ParameterizedTest
    @CsvSource({
        // width, height, shorter side, new width, new height
        "500, 375, 256, 341, 256",
        "375, 500, 256, 256, 341",
        "30, 30, 8, 8, 8",
        "7, 3, 6, 14, 6",
    })
    void theShorterSideBecomesTheLength(int width, int height, int side, int columns, int rows)
            throws Exception {
        Sizing crop = new Sizing.CentreCrop(OptionalInt.of(side), rows, columns);
        byte[] samples = new byte[3 * width * height];
        Prepared found =
                plain(crop, Layout.NCHW, Channels.RGB).apply(new Picture(width, height, samples));
        assertThat(found.values()).hasSize(3 * rows * columns);
        Sizing wider = new Sizing.CentreCrop(OptionalInt.of(side), rows, columns + 1);
        assertThatThrownBy(
                        () ->
                                plain(wider, Layout.NCHW, Channels.RGB)
                                        .apply(new Picture(width, height, samples)))
                .isInstanceOf(UnusablePictureException.class)
                .hasMessageContaining("the picture is " + columns + " x " + rows);
    }

    /** Widths as text recognisers have them; the padding is 0 after normalization. */
    @ParameterizedTest
    @CsvSource({
        // width, height, least, most, multiple, padded
        "10, 4, 1, 1000, 1, 20",
        "10, 4, 32, 1000, 1, 32",
        "11, 3, 1, 1000, 8, 32", // ceil(29.33) = 30
        "10, 4, 1, 15, 4, 16",
    })
    void linesArePaddedOnTheRight(
            int width, int height, int least, int most, int multiple, int padded) throws Exception {
        Preprocessing line =
                new Preprocessing(
                        new Sizing.Line(8, least, most, multiple),
                        Filter.BILINEAR,
                        true,
                        Layout.NCHW,
                        Channels.GRAY,
                        1,
                        List.of(1.0),
                        List.of(1.0));
        Prepared found = line.apply(new Picture(width, height, new byte[3 * width * height]));
        assertThat(found.height()).isEqualTo(8);
        assertThat(found.width()).isEqualTo(padded);
        int kept = (int) Math.min(Math.ceil(8.0 * width / height), most);
        for (int x = 0; x < padded; x++) {
            assertThat(found.values()[x]).isEqualTo(x < kept ? -1 : 0);
        }
    }

    @Test
    void sizesThatMustBeAreChecked() {
        Sizing size = new Sizing.AsIs(OptionalInt.of(2), OptionalInt.of(3));
        assertThatThrownBy(() -> plain(size, Layout.NCHW, Channels.RGB).apply(numbered(2, 2)))
                .isInstanceOf(UnusablePictureException.class)
                .hasMessageContaining("the picture is 2 x 2, the model takes 3 x 2");
    }
}
