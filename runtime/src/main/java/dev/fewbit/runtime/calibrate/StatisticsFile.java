package dev.fewbit.runtime.calibrate;

import dev.fewbit.core.files.ReplacedFile;
import dev.fewbit.core.plan.Preparation;
import dev.fewbit.core.statistics.TensorStatistics;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StreamCorruptedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * Statistics in a file. The same statistics give the same content, and the same bytes where Java's
 * compression is the same.
 *
 * <p>All numbers are big-endian. Text is UTF-8 after its length in bytes (4 bytes).
 *
 * <pre>
 * "FEWBSTAT"                       8 bytes
 * version                          4 bytes: 2
 * content                         in the format of zlib (RFC 1950)
 * length of the content            8 bytes, before compression
 * SHA-256 of all before           32 bytes
 * </pre>
 *
 * <p>The content:
 *
 * <pre>
 * SHA-256 of the model            32 bytes
 * number of preparations           4 bytes, then the label of each
 * number of samples                8 bytes
 * number of values                 4 bytes, then for each in the order of names:
 *   name, length of its statistics (4 bytes), {@link TensorStatistics#write statistics}
 * </pre>
 */
public final class StatisticsFile {

    private static final byte[] MAGIC = "FEWBSTAT".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 2;
    private static final int HASH_BYTES = 32;
    private static final int START_BYTES = 8 + 4;
    private static final int END_BYTES = Long.BYTES + HASH_BYTES;
    private static final int LEAST_BYTES = START_BYTES + END_BYTES;

    private static final int BUFFER = 1 << 16;

    /** What a byte of zlib's can become at most. */
    private static final long MOST_INFLATION = 1032;

    private static final String AGAIN = ". Calibrate again, or copy the file again";

    private static final ReplacedFile FILE =
            new ReplacedFile("the statistics", "calibration.stats");

    private StatisticsFile() {}

    /**
     * Writes statistics; the file appears whole or not at all. Warnings are not written.
     *
     * @param file where to; replaced if it exists
     * @throws IOException if that fails; then a file that was there is untouched
     */
    public static void write(Path file, Statistics statistics) throws IOException {
        FILE.write(file, out -> write(statistics, out));
    }

    private static void write(Statistics statistics, OutputStream target) throws IOException {
        MessageDigest digest = FileHash.digest();
        DataOutputStream file = new DataOutputStream(new DigestOutputStream(target, digest));
        file.write(MAGIC);
        file.writeInt(VERSION);
        Deflater deflater = new Deflater();
        try {
            DeflaterOutputStream content = new DeflaterOutputStream(file, deflater, BUFFER);
            writeContent(statistics, new DataOutputStream(new BufferedOutputStream(content)));
            content.finish();
            file.writeLong(deflater.getBytesRead());
        } finally {
            deflater.end();
        }
        file.flush();
        target.write(digest.digest());
    }

    private static void writeContent(Statistics statistics, DataOutputStream out)
            throws IOException {
        out.write(HexFormat.of().parseHex(statistics.modelSha256()));
        out.writeInt(statistics.preparations().size());
        for (Preparation preparation : statistics.preparations()) {
            writeText(out, preparation.label());
        }
        out.writeLong(statistics.samples());
        out.writeInt(statistics.values().size());
        for (Map.Entry<String, TensorStatistics> entry : statistics.values().entrySet()) {
            writeText(out, entry.getKey());
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            entry.getValue().write(new DataOutputStream(bytes));
            out.writeInt(bytes.size());
            bytes.writeTo(out);
        }
        out.flush();
    }

    /**
     * Reads statistics.
     *
     * @param file what {@link #write} wrote
     * @throws CalibrationException if the file is missing, damaged, or something else; the message
     *     says which
     * @throws IOException if reading fails
     */
    public static Statistics read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new CalibrationException(
                    file + ": there is no such file. Check the path of the statistics");
        }
        long size = Files.size(file);
        try (InputStream in = Files.newInputStream(file)) {
            checkKind(file, in.readNBytes(MAGIC.length + Integer.BYTES));
        }
        if (size < LEAST_BYTES) {
            throw new CalibrationException(
                    "%s: the file ends after %d bytes, statistics have at least %d%s"
                            .formatted(file, size, LEAST_BYTES, AGAIN));
        }
        long length = checkEnd(file, size);
        Inflater inflater = new Inflater();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            in.skipNBytes(START_BYTES);
            // The end of the file comes after the end of the content, which zlib marks.
            InputStream content =
                    new BufferedInputStream(new InflaterInputStream(in, inflater, BUFFER), BUFFER);
            Statistics statistics = StatisticsParser.parse(content, length);
            if (content.read() >= 0 || inflater.getBytesRead() != size - LEAST_BYTES) {
                throw new StreamCorruptedException("the content has another length than is said");
            }
            return statistics;
        } catch (StreamCorruptedException | ZipException | EOFException malformed) {
            throw new CalibrationException(
                    "%s: the content is not what Fewbit writes: %s%s"
                            .formatted(file, malformed.getMessage(), AGAIN),
                    malformed);
        } finally {
            inflater.end();
        }
    }

    private static void checkKind(Path file, byte[] start) throws CalibrationException {
        if (!Arrays.equals(MAGIC, Arrays.copyOf(start, MAGIC.length))) {
            throw new CalibrationException(
                    file
                            + ": this is no file of calibration statistics. Name one that Fewbit"
                            + " wrote");
        }
        if (start.length < MAGIC.length + Integer.BYTES) {
            throw new CalibrationException(file + ": the file ends before its version" + AGAIN);
        }
        int version = ByteBuffer.wrap(start).getInt(MAGIC.length);
        if (version != VERSION) {
            throw new CalibrationException(
                    "%s: the statistics are of version %d, this Fewbit reads version %d. Calibrate again, or use the Fewbit that wrote them"
                            .formatted(file, version, VERSION));
        }
    }

    /** Checks the hash and gives the length that the content has when it is not compressed. */
    private static long checkEnd(Path file, long size) throws IOException {
        MessageDigest digest = FileHash.digest();
        long length;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            byte[] buffer = new byte[BUFFER];
            for (long rest = size - END_BYTES; rest > 0; ) {
                int count = in.read(buffer, 0, (int) Math.min(rest, buffer.length));
                if (count < 0) {
                    break;
                }
                digest.update(buffer, 0, count);
                rest -= count;
            }
            byte[] stated = in.readNBytes(Long.BYTES);
            digest.update(stated);
            if (!Arrays.equals(digest.digest(), in.readNBytes(HASH_BYTES))) {
                throw new CalibrationException(
                        "%s: the checksum does not fit: the file is damaged or incomplete (%d bytes)%s"
                                .formatted(file, size, AGAIN));
            }
            length = ByteBuffer.wrap(stated).getLong();
        }
        if (length < 0 || length > (size - LEAST_BYTES) * MOST_INFLATION) {
            throw new CalibrationException(
                    "%s: the content is not what Fewbit writes: %d bytes cannot come out of %d%s"
                            .formatted(file, length, size - LEAST_BYTES, AGAIN));
        }
        return length;
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
