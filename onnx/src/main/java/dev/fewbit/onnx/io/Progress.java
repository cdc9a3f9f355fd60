package dev.fewbit.onnx.io;

/** Adds up written bytes and tells the listener now and then. Thread-safe. */
final class Progress {
    private static final int STEPS = 200;

    private final WriteListener listener;
    private final long total;
    private long done;
    private long told;

    Progress(WriteListener listener, long total) {
        this.listener = listener;
        this.total = total;
    }

    synchronized void add(long bytes) {
        done += bytes;
        if (done - told >= total / STEPS || done == total) {
            told = done;
            listener.written(done, total);
        }
    }
}
