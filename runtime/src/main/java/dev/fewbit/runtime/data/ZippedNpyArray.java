package dev.fewbit.runtime.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** A row-major array inside an {@code .npz} archive, stored or deflated, streamed. */
final class ZippedNpyArray implements NpyArray {

    private final String where;
    private final ZipFile zip;
    private final ZipEntry entry;
    private final NpyHeader header;

    ZippedNpyArray(String where, ZipFile zip, ZipEntry entry, NpyHeader header) {
        this.where = where;
        this.zip = zip;
        this.entry = entry;
        this.header = header;
    }

    @Override
    public NpyHeader header() {
        return header;
    }

    @Override
    public Rows open() throws IOException {
        InputStream in = new BufferedInputStream(zip.getInputStream(entry), 1 << 16);
        try {
            in.skipNBytes(header.byteLength());
        } catch (IOException | RuntimeException failure) {
            in.close();
            throw failure;
        }
        return new Rows() {
            @Override
            public NumberArray next(int count) throws IOException {
                long[] shape = header.shape().clone();
                shape[0] = count;
                int width = header.type().byteSize();
                int size =
                        Math.toIntExact(
                                Math.multiplyExact(header.rowElements() * width, (long) count));
                byte[] bytes;
                try {
                    bytes = in.readNBytes(size);
                } catch (ZipException | EOFException corrupt) {
                    throw NpyHeader.corrupt(where, corrupt);
                }
                if (bytes.length < size) {
                    throw NpyHeader.truncated(where);
                }
                ByteOrders.toNative(bytes, width, header.order());
                return new NumberArray(header.type(), shape, ByteBuffer.wrap(bytes));
            }

            @Override
            public void close() throws IOException {
                in.close();
            }
        };
    }
}
