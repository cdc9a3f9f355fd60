package dev.fewbit.bench.cifar;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes pictures of CIFAR-10's binary layout (a byte of label, 3072 bytes of red, green and blue
 * planes) as {@code .npz}: an array {@code input} of float32 [N, 3, 32, 32], and {@code labels} of
 * int64 [N].
 *
 * <p>Values are {@code (x / 255 - mean) / deviation} with ImageNet's means and deviations, or, raw,
 * the bytes as floats.
 */
public final class CifarToNpz {
    private static final int BAD_USAGE = 2;
    private static final int PLANE = 32 * 32;
    private static final int RECORD = 1 + 3 * PLANE;
    private static final double[] MEAN = {0.485, 0.456, 0.406};
    private static final double[] DEVIATION = {0.229, 0.224, 0.225};

    private CifarToNpz() {}

    /**
     * Converts.
     *
     * @param files binary files, in this order
     * @param target the archive
     * @param normalized whether values are normalized, not raw
     * @param most pictures at most
     * @return number of pictures
     * @throws IOException if a file is truncated, or cannot be read or written
     */
    static int convert(List<Path> files, Path target, boolean normalized, int most)
            throws IOException {
        long bytes = 0;
        for (Path file : files) {
            long size = Files.size(file);
            if (size % RECORD != 0) {
                throw new IOException(
                        file + " has " + size + " bytes, not a multiple of " + RECORD);
            }
            bytes += size;
        }
        int count = (int) Math.min(bytes / RECORD, most);
        long[] labels = new long[count];
        int done = 0;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target));
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setLevel(1);
            zip.putNextEntry(new ZipEntry("input.npy"));
            zip.write(header("<f4", count + ", 3, 32, 32"));
            for (Path file : files) {
                try (DataInputStream in =
                        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
                    byte[] picture = new byte[RECORD];
                    for (long left = Files.size(file) / RECORD; left > 0 && done < count; left--) {
                        in.readFully(picture);
                        labels[done] = picture[0] & 0xff;
                        zip.write(floats(picture, normalized));
                        done++;
                    }
                }
            }
            zip.closeEntry();
            zip.putNextEntry(new ZipEntry("labels.npy"));
            zip.write(header("<i8", count + ","));
            ByteBuffer buffer = ByteBuffer.allocate(8 * count).order(ByteOrder.LITTLE_ENDIAN);
            buffer.asLongBuffer().put(labels);
            zip.write(buffer.array());
            zip.closeEntry();
        }
        return count;
    }

    private static byte[] floats(byte[] picture, boolean normalized) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * 3 * PLANE).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 3 * PLANE; i++) {
            int sample = picture[1 + i] & 0xff;
            int band = i / PLANE;
            buffer.putFloat(
                    normalized
                            ? (float) ((sample / 255.0 - MEAN[band]) / DEVIATION[band])
                            : (float) sample);
        }
        return buffer.array();
    }

    /** Format 1.0 of npy: magic, version, length of the header, header, a multiple of 64 in all. */
    private static byte[] header(String type, String shape) {
        String text =
                "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }".formatted(type, shape);
        int length = Math.ceilDiv(10 + text.length() + 1, 64) * 64 - 10;
        byte[] header = new byte[10 + length];
        Arrays.fill(header, (byte) ' ');
        byte[] magic = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
        System.arraycopy(magic, 0, header, 0, magic.length);
        header[8] = (byte) length;
        header[9] = (byte) (length >> 8);
        byte[] words = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(words, 0, header, 10, words.length);
        header[header.length - 1] = '\n';
        return header;
    }

    /**
     * Runs the converter.
     *
     * @param arguments OUT.npz [--raw] [--most N] FILE.bin...
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] arguments) throws IOException {
        boolean raw = false;
        int most = Integer.MAX_VALUE;
        List<Path> paths = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--raw" -> raw = true;
                case "--most" -> most = Integer.parseInt(arguments[++i]);
                default -> paths.add(Path.of(arguments[i]));
            }
        }
        if (paths.size() < 2) {
            System.err.println("usage: CifarToNpz OUT.npz [--raw] [--most N] FILE.bin...");
            System.exit(BAD_USAGE);
        }
        Path target = paths.removeFirst();
        int count = convert(paths, target, !raw, most);
        System.out.printf(
                Locale.ROOT, "%s: %d pictures, %s%n", target, count, raw ? "raw" : "normalized");
    }
}
