package dev.fewbit.cli;

/**
 * Ctrl-C. The JVM ends with exit code 130 by itself, and whoever writes a file removes its
 * unfinished parts by itself; here it is only said, once and in one line.
 */
final class Interruption implements AutoCloseable {

    private final Thread hook;

    private Interruption(Thread hook) {
        this.hook = hook;
    }

    /** Says it if the process is told to end before this is closed. */
    static Interruption watch(Console console) {
        Thread hook =
                new Thread(
                        () -> {
                            console.sayInterrupted();
                            console.close();
                        },
                        "interruption");
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            sleepUntilTheEnd();
        }
        return new Interruption(hook);
    }

    /**
     * Does not come back if the process is already ending: what fails then fails because its files
     * were taken away, and nobody needs to hear of that.
     */
    void stopHereIfEnding() {
        Thread probe = new Thread(() -> {}, "probe");
        try {
            Runtime.getRuntime().addShutdownHook(probe);
            Runtime.getRuntime().removeShutdownHook(probe);
        } catch (IllegalStateException e) {
            sleepUntilTheEnd();
        }
    }

    private static void sleepUntilTheEnd() {
        while (true) {
            try {
                Thread.sleep(Long.MAX_VALUE);
            } catch (InterruptedException e) {
                // The process is ending; there is nothing else to do than to wait for it.
            }
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            sleepUntilTheEnd();
        }
    }
}
