package dev.fewbit.runtime.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.zip.CRC32;

import javax.imageio.ImageIO;

class PictureDecoderTest {

    private static byte[] encoded(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(ImageIO.write(image, format, out)).isTrue();
        return out.toByteArray();
    }

    private static List<Integer> pixel(Picture picture, int x, int y) {
        return List.of(picture.sample(x, y, 0), picture.sample(x, y, 1), picture.sample(x, y, 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp"})
    void coloursAreThoseOfTheFile(String format) throws IOException {
        BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, 0x102030);
        image.setRGB(2, 1, 0xfe0180);
        Picture picture = PictureDecoder.decode(encoded(image, format));
        assertThat(picture.width()).isEqualTo(3);
        assertThat(picture.height()).isEqualTo(2);
        assertThat(pixel(picture, 0, 0)).containsExactly(0x10, 0x20, 0x30);
        assertThat(pixel(picture, 2, 1)).containsExactly(0xfe, 0x01, 0x80);
    }

    /** Java takes gray for linear light unless one reads the samples themselves. */
    @ParameterizedTest
    @CsvSource({"10, png, 77, 77", "10, bmp, 77, 77", "11, png, 19789, 77", "11, png, 65535, 255"})
    void grayStaysAsItIs(int type, String format, int value, int expected) throws IOException {
        BufferedImage image = new BufferedImage(2, 1, type);
        image.getRaster().setSample(1, 0, 0, value);
        Picture picture = PictureDecoder.decode(encoded(image, format));
        assertThat(pixel(picture, 0, 0)).containsExactly(0, 0, 0);
        assertThat(pixel(picture, 1, 0)).containsExactly(expected, expected, expected);
    }

    @Test
    void transparencyIsDroppedNotBlended() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x40c08020);
        image.setRGB(1, 0, 0x00ff0000);
        Picture picture = PictureDecoder.decode(encoded(image, "png"));
        assertThat(pixel(picture, 0, 0)).containsExactly(0xc0, 0x80, 0x20);
        assertThat(pixel(picture, 1, 0)).containsExactly(255, 0, 0);
    }

    @Test
    void palettesAreLookedUp() throws IOException {
        for (int type :
                new int[] {BufferedImage.TYPE_BYTE_INDEXED, BufferedImage.TYPE_BYTE_BINARY}) {
            BufferedImage image = new BufferedImage(2, 1, type);
            image.setRGB(1, 0, 0xffffff);
            Picture picture = PictureDecoder.decode(encoded(image, "png"));
            assertThat(pixel(picture, 0, 0)).containsExactly(0, 0, 0);
            assertThat(pixel(picture, 1, 0)).containsExactly(255, 255, 255);
        }
    }

    /** Files that Pillow wrote, and what Pillow reads from them; JPEG is exact to a step or two. */
    @ParameterizedTest
    @CsvSource({
        "cmyk.jpg, 207, 46, 190, 255, 255, 255, 0, 155, 77",
        "ycck.jpg, 195, 16, 78, 0, 100, 200, 71, 71, 71",
    })
    void fourColours(
            String file, int r0, int g0, int b0, int r1, int g1, int b1, int r2, int g2, int b2)
            throws IOException {
        Picture picture = PictureDecoder.decode(resource(file));
        assertNear(pixel(picture, 3, 8), r0, g0, b0);
        assertNear(pixel(picture, 12, 8), r1, g1, b1);
        assertNear(pixel(picture, 20, 8), r2, g2, b2);
    }

    private static void assertNear(List<Integer> found, int... expected) {
        for (int band = 0; band < 3; band++) {
            assertThat(found.get(band)).isBetween(expected[band] - 2, expected[band] + 2);
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = PictureDecoderTest.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }

    @Test
    void ordinaryJpeg() throws IOException {
        BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 256; i++) {
            image.setRGB(i % 16, i / 16, 0x3060c0);
        }
        assertNear(pixel(PictureDecoder.decode(encoded(image, "jpg")), 8, 8), 0x30, 0x60, 0xc0);
        BufferedImage gray = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 256; i++) {
            gray.getRaster().setSample(i % 16, i / 16, 0, 60);
        }
        assertNear(pixel(PictureDecoder.decode(encoded(gray, "jpg")), 8, 8), 60, 60, 60);
    }

    @Test
    void whatIsNoPictureIsRefused() throws IOException {
        assertThatThrownBy(() -> PictureDecoder.decode("hello".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(UnusablePictureException.class)
                .hasMessageContaining("no JPEG, PNG or BMP");
        assertThatThrownBy(() -> PictureDecoder.decode(new byte[0]))
                .isInstanceOf(UnusablePictureException.class);
        SplittableRandom random = new SplittableRandom(3);
        BufferedImage noise = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 1600; i++) {
            noise.setRGB(i % 40, i / 40, random.nextInt(1 << 24));
        }
        for (String format : List.of("png", "jpg", "bmp")) {
            byte[] file = encoded(noise, format);
            for (int length = 8; length < file.length - 40; length += 37) {
                byte[] cut = Arrays.copyOf(file, length);
                assertThatThrownBy(() -> PictureDecoder.decode(cut))
                        .isInstanceOf(UnusablePictureException.class);
            }
        }
    }

    /** A header that promises 60,000 x 60,000 pixels is not obeyed. */
    @Test
    void hugePicturesAreRefusedBeforeTheyAreDecoded() throws IOException {
        byte[] png = encoded(new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB), "png");
        ByteBuffer header = ByteBuffer.wrap(png);
        header.putInt(16, 60_000).putInt(20, 60_000);
        CRC32 check = new CRC32();
        check.update(png, 12, 17);
        header.putInt(29, (int) check.getValue());
        assertThatThrownBy(() -> PictureDecoder.decode(png))
                .isInstanceOf(UnusablePictureException.class)
                .hasMessageContaining("60000 x 60000 pixels, more than 100 million");
    }
}
