package dev.fewbit.runtime.calibrate;

import dev.fewbit.core.plan.Preparation;
import dev.fewbit.core.statistics.TensorStatistics;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StreamCorruptedException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the content of a {@link StatisticsFile} and believes none of it: every length is held
 * against the bytes that are left before memory is taken for it.
 */
final class StatisticsParser {

    private static final int HASH_BYTES = 32;

    private final DataInputStream in;
    private long left;

    private StatisticsParser(InputStream in, long left) {
        this.in = new DataInputStream(in);
        this.left = left;
    }

    /**
     * Reads statistics.
     *
     * @param in at the byte after the version
     * @param bytes how many there are
     * @throws StreamCorruptedException if they are no statistics
     */
    static Statistics parse(InputStream in, long bytes) throws IOException {
        return new StatisticsParser(in, bytes).statistics();
    }

    private Statistics statistics() throws IOException {
        String hash = HexFormat.of().formatHex(bytes(HASH_BYTES, "the model's hash"));
        List<Preparation> preparations = preparations();
        take(Long.BYTES, "the number of samples");
        long samples = in.readLong();
        if (samples < 0) {
            throw new StreamCorruptedException(samples + " samples");
        }
        int count = number("the number of values");
        Map<String, TensorStatistics> values = new LinkedHashMap<>();
        String before = null;
        for (int i = 0; i < count; i++) {
            String name = text("the name of value " + i);
            if (before != null && before.compareTo(name) >= 0) {
                throw new StreamCorruptedException(
                        "value '%s' comes after '%s'".formatted(name, before));
            }
            values.put(name, value(name));
            before = name;
        }
        if (left > 0) {
            throw new StreamCorruptedException(left + " bytes come after the last value");
        }
        return new Statistics(hash, preparations, samples, values, warnings(values));
    }

    private List<Preparation> preparations() throws IOException {
        int count = number("the number of preparations");
        List<Preparation> preparations = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String label = text("a preparation");
            try {
                preparations.add(Preparation.ofLabel(label));
            } catch (IllegalArgumentException unknown) {
                throw corrupted("unknown preparation '" + label + "'", unknown);
            }
        }
        return preparations;
    }

    private TensorStatistics value(String name) throws IOException {
        String what = "the statistics of value '" + name + "'";
        ByteArrayInputStream bytes = new ByteArrayInputStream(bytes(number(what), what));
        TensorStatistics statistics;
        try {
            statistics = TensorStatistics.read(new DataInputStream(bytes));
        } catch (IOException | IllegalArgumentException malformed) {
            throw corrupted(what + ": " + malformed.getMessage(), malformed);
        }
        if (bytes.available() > 0) {
            throw new StreamCorruptedException(
                    "%s end %d bytes early".formatted(what, bytes.available()));
        }
        return statistics;
    }

    private static List<String> warnings(Map<String, TensorStatistics> values) {
        List<String> warnings = new ArrayList<>();
        values.forEach(
                (name, statistics) -> {
                    if (statistics.notFinite() > 0) {
                        warnings.add(
                                "value '%s': %d elements are NaN or infinite; they are left out of its statistics"
                                        .formatted(name, statistics.notFinite()));
                    }
                });
        return warnings;
    }

    private String text(String what) throws IOException {
        byte[] bytes = bytes(number(what), what);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException notText) {
            throw corrupted(what + " is no UTF-8", notText);
        }
    }

    /** A number of things that take at least a byte each. */
    private int number(String what) throws IOException {
        take(Integer.BYTES, what);
        int number = in.readInt();
        if (number < 0 || number > left) {
            throw new StreamCorruptedException(
                    "%s: %d where only %d bytes are left"
                            .formatted(what, Integer.toUnsignedLong(number), left));
        }
        return number;
    }

    private byte[] bytes(int count, String what) throws IOException {
        take(count, what);
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new StreamCorruptedException("the file became shorter while it was read");
        }
        return bytes;
    }

    private void take(int bytes, String what) throws StreamCorruptedException {
        if (bytes > left) {
            throw new StreamCorruptedException("the file ends before " + what);
        }
        left -= bytes;
    }

    private static StreamCorruptedException corrupted(String message, Throwable cause) {
        StreamCorruptedException corrupted = new StreamCorruptedException(message);
        corrupted.initCause(cause);
        return corrupted;
    }
}
