package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.FunctionDefinition;
import dev.fewbit.onnx.graph.Model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Raises the bodies of the functions that a model defines. A function imports its own opset of the
 * default domain, and the specification wants it to agree with the model's.
 */
final class FunctionRaising {

    private FunctionRaising() {}

    /** What stands in the way inside functions; changes nothing. */
    static List<String> obstacles(Model model, int target) {
        List<String> obstacles = new ArrayList<>();
        for (FunctionDefinition function : model.functions()) {
            try {
                for (String obstacle : FunctionBody.of(function).obstacles(target)) {
                    obstacles.add("Function " + name(function) + ", " + obstacle);
                }
            } catch (IOException exception) {
                obstacles.add(
                        "Function "
                                + name(function)
                                + " cannot be decoded: "
                                + exception.getMessage());
            }
        }
        return obstacles;
    }

    /** Rewrites all functions that import an older opset than the target. */
    static void rewrite(Model model, int target) {
        List<FunctionDefinition> raised = new ArrayList<>();
        for (FunctionDefinition function : model.functions()) {
            try {
                raised.add(FunctionBody.of(function).raised(target));
            } catch (IOException exception) {
                throw new UncheckedIOException(exception);
            }
        }
        if (!raised.isEmpty()) {
            model.setFunctions(raised);
        }
    }

    private static String name(FunctionDefinition function) {
        return function.domain() + "." + function.name();
    }
}
