package dev.fewbit.runtime.picture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.runtime.picture.Resampling.Filter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.SplittableRandom;

class ResamplingTest {

    /** 7 x 5 pixels, the ones that Pillow was given. */
    private static Picture example() {
        byte[] samples = new byte[3 * 7 * 5];
        int at = 0;
        for (int y = 0; y < 5; y++) {
            for (int x = 0; x < 7; x++) {
                for (int band = 0; band < 3; band++) {
                    samples[at++] = (byte) (x * 37 + y * 91 + band * 53 + x * y * 11);
                }
            }
        }
        return new Picture(7, 5, samples);
    }

    private static String samples(Picture picture) {
        StringBuilder text = new StringBuilder();
        for (byte sample : picture.samples()) {
            text.append(text.isEmpty() ? "" : ",").append(sample & 0xff);
        }
        return text.toString();
    }

    /** Image.resize of Pillow 12.3 on the same picture. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "3; 4; BILINEAR;"
                    + " 57,110,149,123,150,177,163,148,118,151,158,141,142,121,114,105,112,"
                    + "143,119,126,109,138,117,110,128,135,112,112,165,121,109,136,118,81,134,123",
                "3; 2; BICUBIC;"
                    + " 107,133,144,134,136,142,135,127,131,120,146,117,125,124,107,103,133,121",
                "10; 5; BICUBIC;"
                    + " 0,51,104,17,70,123,46,99,152,72,125,178,98,151,204,124,177,240,150,"
                    + "203,249,176,247,78,205,138,38,224,6,74,88,141,194,113,166,236,151,210,205,185,"
                    + "243,42,237,96,58,171,30,102,24,82,135,57,116,169,101,154,207,126,179,232,178,"
                    + "247,28,226,126,60,204,35,106,48,94,147,72,135,207,124,187,149,165,211,9,224,"
                    + "55,50,133,33,102,12,81,134,13,66,119,50,103,172,105,164,159,154,212,11,221,80,"
                    + "42,171,30,102,39,97,151,88,147,218,148,201,135,185,238,20,103,156,225,162,215,"
                    + "116,157,210,41,17,70,116,56,109,192,134,187,148,173,226,24,33,86,81,28,81,150,"
                    + "87,140,193",
            })
    void isPillows(int width, int height, Filter filter, String expected) {
        Picture resized = Resampling.resize(example(), width, height, filter, true);
        assertThat(samples(resized)).isEqualTo(expected);
    }

    /**
     * By hand: 4 columns 0, 100, 200, 60 become 2. Centres 1 and 3, triangles of half-width 2, so
     * weights 0.75 0.75 0.25 (0.25 on the far side lies outside): (0 * .75 + 100 * .75 + 200 * .25)
     * / 1.75 = 71.43, and (100 * .25 + 200 * .75 + 60 * .75) / 1.75 = 125.71.
     */
    @Test
    void aPictureThatShrinksCountsEveryPixel() {
        byte[] row = {0, 0, 0, 100, 100, 100, (byte) 200, (byte) 200, (byte) 200, 60, 60, 60};
        Picture picture = new Picture(4, 1, row);
        assertThat(samples(Resampling.resize(picture, 2, 1, Filter.BILINEAR, true)))
                .isEqualTo("71,71,71,126,126,126");
        // Without antialiasing: halfway between the two neighbours, 50 and 130.
        assertThat(samples(Resampling.resize(picture, 2, 1, Filter.BILINEAR, false)))
                .isEqualTo("50,50,50,130,130,130");
    }

    /**
     * The definition in double, pixel by pixel; rounding to 22 bits moves a sample by one at most.
     */
    @ParameterizedTest
    @CsvSource({
        "13, 9, 5, 4, true",
        "13, 9, 29, 17, true",
        "64, 48, 7, 48, true",
        "13, 9, 5, 4, false",
        "2, 3, 1, 1, true",
        "1, 1, 6, 5, true",
    })
    void isTheDefinition(int width, int height, int toWidth, int toHeight, boolean antialias) {
        SplittableRandom random = new SplittableRandom(width * 1000L + toWidth);
        byte[] samples = new byte[3 * width * height];
        random.nextBytes(samples);
        Picture picture = new Picture(width, height, samples);
        for (Filter filter : Filter.values()) {
            Picture found = Resampling.resize(picture, toWidth, toHeight, filter, antialias);
            double[][] wide = new double[height][toWidth];
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < toWidth; x++) {
                    int row = y;
                    wide[y][x] =
                            at(
                                    x,
                                    width,
                                    toWidth,
                                    filter,
                                    antialias,
                                    i -> picture.sample(i, row, 1));
                }
            }
            for (int y = 0; y < toHeight; y++) {
                for (int x = 0; x < toWidth; x++) {
                    int column = x;
                    double expected =
                            at(y, height, toHeight, filter, antialias, i -> wide[i][column]);
                    assertThat((double) found.sample(x, y, 1))
                            .isBetween(expected - 1, expected + 1);
                }
            }
        }
    }

    private interface Line {
        double at(int index);
    }

    private static double at(
            int index, int in, int out, Filter filter, boolean antialias, Line line) {
        if (in == out) {
            return line.at(index);
        }
        double scale = (double) in / out;
        double stretch = antialias && scale > 1 ? scale : 1;
        double centre = (index + 0.5) * scale - 0.5;
        double sum = 0;
        double weights = 0;
        for (int i = 0; i < in; i++) {
            double weight = filter.weight((i - centre) / stretch);
            sum += weight * line.at(i);
            weights += weight;
        }
        return Math.clamp(Math.floor(sum / weights + 0.5), 0.0, 255.0);
    }
}
