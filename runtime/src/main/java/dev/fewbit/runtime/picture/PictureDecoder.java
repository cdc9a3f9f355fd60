package dev.fewbit.runtime.picture;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DirectColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * Decodes JPEG, PNG and BMP to red, green and blue as the training frameworks see them: the numbers
 * of the file, whatever colour profile it names.
 *
 * <ul>
 *   <li>Gray becomes three equal samples; 16-bit samples are scaled to 8; palettes are looked up.
 *   <li>Transparency is dropped, not blended.
 *   <li>CMYK becomes {@code R = (255 - C)(255 - K) / 255} and so on. JPEG files made by Adobe's
 *       programs hold the inverse of CMYK, or of its YCCK form, and say so in a marker.
 *   <li>A turn that the camera noted (EXIF) is not carried out.
 * </ul>
 */
public final class PictureDecoder {

    /** More pixels than this are refused before they are decoded. */
    public static final long MOST_PIXELS = 100_000_000;

    static {
        // A picture is in memory already; a copy on disk helps nobody.
        ImageIO.setUseCache(false);
    }

    private PictureDecoder() {}

    /**
     * Decodes.
     *
     * @param file all bytes of a file
     * @throws UnusablePictureException if it is no picture, a damaged one, or too large
     */
    public static Picture decode(byte[] file) throws UnusablePictureException {
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(file))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new UnusablePictureException(
                        "this is no JPEG, PNG or BMP picture", "Take it out, or convert it");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                List<String> warnings = new ArrayList<>();
                reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
                Picture picture = decode(reader, file);
                // The rest would silently be gray.
                if (warnings.stream().anyMatch(warning -> warning.contains("remature end"))) {
                    throw new UnusablePictureException(
                            "the picture is cut off", "Take it out, or save it again");
                }
                return picture;
            } finally {
                reader.dispose();
            }
        } catch (UnusablePictureException known) {
            throw known;
        } catch (IOException | RuntimeException damaged) {
            String words = damaged.getMessage();
            throw new UnusablePictureException(
                    "the picture cannot be decoded" + (words == null ? "" : ": " + words),
                    "Take it out, or save it again");
        }
    }

    private static Picture decode(ImageReader reader, byte[] file) throws IOException {
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
        if (pixels > MOST_PIXELS) {
            throw new UnusablePictureException(
                    "the picture has "
                            + reader.getWidth(0)
                            + " x "
                            + reader.getHeight(0)
                            + " pixels, more than "
                            + MOST_PIXELS / 1_000_000
                            + " million",
                    "Take it out, or make it smaller");
        }
        boolean jpeg = file.length > 2 && (file[0] & 0xff) == 0xff && (file[1] & 0xff) == 0xd8;
        if (jpeg && Jpeg.components(file) == 4) {
            return Jpeg.toPicture(reader.readRaster(0, null), Jpeg.adobeTransform(file));
        }
        return convert(reader.read(0));
    }

    static Picture convert(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] samples = new byte[3 * width * height];
        ColorModel colors = image.getColorModel();
        // getRGB would take gray for linear light, and would obey profiles.
        boolean looked = colors instanceof IndexColorModel || colors instanceof DirectColorModel;
        Raster raster = image.getRaster();
        int[] line = new int[looked ? width : width * raster.getNumBands()];
        for (int y = 0; y < height; y++) {
            if (looked) {
                image.getRGB(0, y, width, 1, line, 0, width);
                for (int x = 0; x < width; x++) {
                    int at = 3 * (y * width + x);
                    samples[at] = (byte) (line[x] >> 16);
                    samples[at + 1] = (byte) (line[x] >> 8);
                    samples[at + 2] = (byte) line[x];
                }
            } else {
                raster.getPixels(0, y, width, 1, line);
                pixels(line, raster.getNumBands(), colors, samples, 3 * y * width);
            }
        }
        return new Picture(width, height, samples);
    }

    private static void pixels(int[] line, int bands, ColorModel colors, byte[] out, int start) {
        int step = bands >= 3 ? 1 : 0;
        int at = start;
        for (int i = 0; i < line.length; i += bands) {
            for (int band = 0; band < 3; band++) {
                int most = (1 << colors.getComponentSize(band * step)) - 1;
                int value = line[i + band * step];
                out[at++] = (byte) (most == 255 ? value : (value * 255L + most / 2) / most);
            }
        }
    }
}
