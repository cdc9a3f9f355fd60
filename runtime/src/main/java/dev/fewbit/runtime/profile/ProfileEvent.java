package dev.fewbit.runtime.profile;

import dev.fewbit.runtime.json.JsonReader;

import java.io.IOException;
import java.io.Reader;
import java.util.function.Consumer;

/**
 * One event of a profile that ONNX Runtime wrote, in Chrome's trace format.
 *
 * @param category {@code Session} for what the session does, {@code Node} for kernels
 * @param name what happened; of a kernel the name of its node and {@code _kernel_time}
 * @param operator of a kernel, empty otherwise
 * @param node of a kernel its place in the optimized graph, empty otherwise
 * @param microseconds how long it took, cut to whole ones
 */
public record ProfileEvent(
        String category, String name, String operator, String node, long microseconds) {

    private static final String KERNEL = "_kernel_time";

    /**
     * Reads all events of a profile in their order.
     *
     * @param profile the text: an array of events
     * @throws IOException if it cannot be read, or is not a whole profile
     */
    public static void readAll(Reader profile, Consumer<ProfileEvent> reader) throws IOException {
        JsonReader json = new JsonReader(profile);
        json.beginArray();
        while (json.hasNext()) {
            reader.accept(read(json));
        }
        json.endArray();
    }

    /** Whether a run of the model ends with this; the events of its kernels come before. */
    public boolean endsRun() {
        return category.equals("Session") && name.equals("model_run");
    }

    /** Whether this is a kernel's. */
    public boolean isKernel() {
        return category.equals("Node") && !operator.isEmpty();
    }

    /** The name of a kernel's node in the optimized graph. */
    public String nodeName() {
        return name.endsWith(KERNEL) ? name.substring(0, name.length() - KERNEL.length()) : name;
    }

    private static ProfileEvent read(JsonReader json) throws IOException {
        String category = "";
        String name = "";
        String[] arguments = {"", ""};
        long duration = 0;
        json.beginObject();
        while (json.hasNext()) {
            switch (json.name()) {
                case "cat" -> category = json.string();
                case "name" -> name = json.string();
                case "dur" -> duration = (long) Double.parseDouble(json.number());
                case "args" -> arguments = arguments(json);
                default -> json.skipValue();
            }
        }
        json.endObject();
        return new ProfileEvent(category, name, arguments[0], arguments[1], duration);
    }

    /** The operator and the node of the arguments. */
    private static String[] arguments(JsonReader json) throws IOException {
        String[] arguments = {"", ""};
        json.beginObject();
        while (json.hasNext()) {
            switch (json.name()) {
                case "op_name" -> arguments[0] = json.string();
                case "node_index" -> arguments[1] = json.string();
                default -> json.skipValue();
            }
        }
        json.endObject();
        return arguments;
    }
}
