package dev.fewbit.core.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

class ReplacedFileTest {

    private static final byte[] NEW = "new".getBytes(UTF_8);

    private static final ReplacedFile REPORT = new ReplacedFile("the report", "report.html");

    @TempDir private Path folder;

    @Test
    void anOlderFileIsReplaced() throws IOException {
        Path file = Files.writeString(folder.resolve("report.html"), "old and longer");
        REPORT.write(file, out -> out.write(NEW));
        assertThat(file).hasContent("new");
        assertThat(names()).containsExactly("report.html");
    }

    @Test
    void aFailureLeavesTheOlderFileAndNothingElse() throws IOException {
        Path file = Files.writeString(folder.resolve("report.html"), "old");
        assertThatThrownBy(
                        () ->
                                REPORT.write(
                                        file,
                                        out -> {
                                            out.write(NEW);
                                            throw new IOException("No space left on device");
                                        }))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot write the report to " + file)
                .hasMessageContaining("Free some space");
        assertThat(file).hasContent("old");
        assertThat(names()).containsExactly("report.html");
    }

    @Test
    void aMissingFolderIsNamed() {
        Path file = folder.resolve("nowhere").resolve("report.html");
        assertThatThrownBy(() -> REPORT.write(file, out -> out.write(NEW)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the folder " + file.getParent() + " does not exist");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFolderIsNoFile() {
        assertThatThrownBy(() -> REPORT.write(folder, out -> out.write(NEW)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("that is a folder")
                .hasMessageContaining(folder.resolve("report.html").toString());
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aLinkKeepsPointingWhereItDid() throws IOException {
        Path target = Files.writeString(folder.resolve("target.html"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link.html"), target);
        REPORT.write(link, out -> out.write(NEW));
        assertThat(link).isSymbolicLink();
        assertThat(target).hasContent("new");
    }

    @Test
    void othersMayReadItAsAnyNewFile() throws IOException {
        assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
        Path usual = Files.writeString(folder.resolve("usual"), "x");
        Path file = folder.resolve("report.html");
        REPORT.write(file, out -> out.write(NEW));
        assertThat(Files.getPosixFilePermissions(file))
                .isEqualTo(Files.getPosixFilePermissions(usual));
    }

    @Test
    void aFullDeviceIsSaidInWords() {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full) && !Files.isRegularFile(full));
        assertThatThrownBy(() -> REPORT.write(full, out -> out.write(NEW)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No space left")
                .hasMessageContaining("Free some space");
    }

    private Stream<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList().stream();
        }
    }
}
