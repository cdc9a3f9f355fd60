package dev.fewbit.onnx.opset;

import java.util.List;

/**
 * A model's opset cannot be raised. The model is unchanged.
 *
 * <p>The message names every node in the way, what about it and what to do.
 */
public final class OpsetException extends RuntimeException {

    private static final int SHOWN = 10;

    private final transient List<String> obstacles;

    OpsetException(int current, int target, List<String> obstacles) {
        super(message(current, target, obstacles));
        this.obstacles = List.copyOf(obstacles);
    }

    /** One sentence or two per node in the way, in the order of the graph. */
    public List<String> obstacles() {
        return obstacles;
    }

    private static String message(int current, int target, List<String> obstacles) {
        StringBuilder text = new StringBuilder();
        text.append("Cannot raise the model from opset ").append(current);
        text.append(" to ").append(target).append(':');
        obstacles.stream().limit(SHOWN).forEach(obstacle -> text.append("\n- ").append(obstacle));
        if (obstacles.size() > SHOWN) {
            text.append("\n- and ").append(obstacles.size() - SHOWN).append(" more");
        }
        return text.toString();
    }
}
