package dev.fewbit.runtime.picture;

import java.awt.image.Raster;

/** What {@link javax.imageio.ImageIO} leaves to its users: JPEG files of four colours. */
final class Jpeg {

    private static final int SEGMENT = 0xff;
    private static final int START_OF_SCAN = 0xda;
    private static final int ADOBE = 0xee;

    private Jpeg() {}

    /** Number of colours, or 0 when the file does not say. */
    static int components(byte[] file) {
        int at = find(file, true);
        return at < 0 ? 0 : at(file, at + 9);
    }

    /** How Adobe's programs coded the colours: 0 as they are, 2 as YCCK; -1 without their mark. */
    static int adobeTransform(byte[] file) {
        int at = find(file, false);
        return at < 0 ? -1 : at(file, at + 15);
    }

    /** Position of the marker of the frame, or of Adobe's; -1 if there is none. */
    private static int find(byte[] file, boolean frame) {
        int at = 2;
        while (at + 4 <= file.length && at(file, at) == SEGMENT) {
            int marker = at(file, at + 1);
            if (marker == SEGMENT) {
                at++;
                continue;
            }
            if (marker == START_OF_SCAN) {
                return -1;
            }
            // C4, C8 and CC among the frames are tables, not frames.
            boolean isFrame =
                    marker >= 0xc0
                            && marker <= 0xcf
                            && marker != 0xc4
                            && marker != 0xc8
                            && marker != 0xcc;
            boolean isAdobe = marker == ADOBE && at(file, at + 4) == 'A' && at(file, at + 5) == 'd';
            if (frame ? isFrame : isAdobe) {
                return at;
            }
            at += 2 + (at(file, at + 2) << 8 | at(file, at + 3));
        }
        return -1;
    }

    private static int at(byte[] file, int index) {
        return index < file.length ? file[index] & 0xff : 0;
    }

    /**
     * Converts.
     *
     * @param raster four samples a pixel, as the file holds them
     * @param transform see {@link #adobeTransform}
     */
    static Picture toPicture(Raster raster, int transform) {
        int width = raster.getWidth();
        int height = raster.getHeight();
        byte[] out = new byte[3 * width * height];
        int[] line = new int[4 * width];
        for (int y = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, line);
            for (int x = 0; x < width; x++) {
                if (transform == 2) {
                    fromYcc(line, 4 * x);
                }
                for (int band = 0; band < 3; band++) {
                    int ink = line[4 * x + band];
                    int black = line[4 * x + 3];
                    int product = transform < 0 ? (255 - ink) * (255 - black) : ink * black;
                    out[3 * (y * width + x) + band] = (byte) ((product + 127) / 255);
                }
            }
        }
        return new Picture(width, height, out);
    }

    /** Luma and chroma of the inverse of the inverted inks, to the inverted inks. */
    private static void fromYcc(int[] line, int at) {
        double luma = line[at];
        double blue = line[at + 1] - 128;
        double red = line[at + 2] - 128;
        line[at] = 255 - clamp(luma + 1.402 * red);
        line[at + 1] = 255 - clamp(luma - 0.344136 * blue - 0.714136 * red);
        line[at + 2] = 255 - clamp(luma + 1.772 * blue);
    }

    private static int clamp(double value) {
        return (int) Math.clamp(Math.rint(value), 0, 255);
    }
}
