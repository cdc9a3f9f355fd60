package dev.fewbit.cli.training;

import dev.fewbit.Recipe;
import dev.fewbit.cli.Console;
import dev.fewbit.cli.ExitCode;
import dev.fewbit.cli.Main;
import dev.fewbit.cli.command.Arguments;
import dev.fewbit.cli.command.Subcommand;
import dev.fewbit.cli.terminal.Terminal;

import picocli.CommandLine.Model.CommandSpec;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code fewbit aot-train}: goes through the commands once on a model made for it. For the
 * launcher, not for people; hidden in the help.
 *
 * <p>A step that fails is passed over: where ONNX Runtime does not run, everything else still does.
 */
public final class TrainingCommand implements Subcommand {

    /** Rounds of quantizing, so that the JVM learns which methods are worth compiling early. */
    private static final int ROUNDS = 6;

    /** The others go through the same code, and some of them take a while. */
    private static final List<Recipe> SEVERAL_TIMES =
            Recipe.ALL.stream().filter(recipe -> !recipe.isOpen()).toList();

    /** A rehearsal. */
    public TrainingCommand() {}

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .header("Goes through the commands once, for the launcher's cache.")
                .customSynopsis("fewbit aot-train");
    }

    @Override
    public int run(Arguments arguments, Console console) throws IOException {
        Path folder = Files.createTempDirectory("fewbit-training");
        try {
            Path model = folder.resolve("model.onnx");
            TrainingModel.write(model);
            rehearse(model, folder, console);
        } finally {
            delete(folder);
        }
        return ExitCode.DONE;
    }

    private static void rehearse(Path model, Path folder, Console console) {
        String file = model.toString();
        String small = folder.resolve("small.onnx").toString();
        String plan = folder.resolve("plan.yaml").toString();
        String report = folder.resolve("report.html").toString();
        String missing = folder.resolve("missing.onnx").toString();
        Terminal terminal = new Terminal(true, true, 80, true);
        run(console, terminal, "--help");
        run(console, Terminal.NONE, "--version");
        run(console, terminal, "inspect", file);
        run(console, terminal, "inspect", missing);
        run(console, terminal, "quantize", file, "--recpie");
        run(console, Terminal.NONE, "inspect", file, "--json");
        run(console, Terminal.NONE, "plan", file, "-o", plan);
        run(console, terminal, "quantize", file, "-o", small, "--plan", plan);
        for (int round = 0; round < ROUNDS; round++) {
            for (Recipe recipe : round == 0 ? Recipe.ALL : SEVERAL_TIMES) {
                Terminal each = round % 2 == 0 ? terminal : Terminal.NONE;
                run(console, each, "quantize", file, "-o", small, "--recipe", recipe.name());
            }
        }
        run(console, Terminal.NONE, "quantize", file, "-o", small, "--json");
        run(console, terminal, "compare", file, small, "--report", report);
    }

    private static void run(Console console, Terminal terminal, String... args) {
        PrintStream nowhere =
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        int code = Main.run(args, nowhere, nowhere, terminal);
        if (console.verbose()) {
            console.talk().line(code + " " + String.join(" ", args));
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
