package dev.fewbit.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The entry point of the command line tool. */
@Command(
        name = "fewbit",
        description = "Quantizes ONNX models.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
public final class Main {

    private Main() {}

    /** Runs the tool and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Runs the tool and returns its exit code. */
    static int run(String... args) {
        CommandLine commandLine = new CommandLine(new Main());
        if (args.length == 0) {
            commandLine.usage(System.out);
            return CommandLine.ExitCode.OK;
        }
        return commandLine.execute(args);
    }

    /** Tells the version in the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"fewbit " + (version == null ? "(unpackaged)" : version)};
        }
    }
}
