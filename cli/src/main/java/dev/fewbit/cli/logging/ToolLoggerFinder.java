package dev.fewbit.cli.logging;

/** The JDK asks this for every {@link System.Logger}; it is named in {@code META-INF/services}. */
public final class ToolLoggerFinder extends System.LoggerFinder {

    /** Called by the JDK. */
    public ToolLoggerFinder() {}

    @Override
    public System.Logger getLogger(String name, Module module) {
        return new ToolLogger(name);
    }
}
