package dev.fewbit.runtime.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.runtime.files.CacheFolder;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

class NativeLibraryTest {

    @TempDir private Path cache;

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.sorted().toList();
        }
    }

    @Test
    void manyStartsAtOnceFillTheCacheOnce() throws Exception {
        List<Future<Path>> starts = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 4; i++) {
                starts.add(
                        threads.submit(
                                () ->
                                        NativeLibrary.cached(cache, NativeLibrary.platform())
                                                .orElseThrow()));
            }
        }
        Path folder = starts.getFirst().get();
        for (Future<Path> start : starts) {
            assertThat(start.get()).isEqualTo(folder);
        }
        assertThat(files(folder)).hasSize(2).allSatisfy(file -> assertThat(file).isNotEmptyFile());
    }

    @Test
    void aFileOfAnotherSizeIsReplaced() throws IOException {
        Path folder = NativeLibrary.cached(cache, NativeLibrary.platform()).orElseThrow();
        Path library = files(folder).getFirst();
        byte[] whole = Files.readAllBytes(library);
        Files.write(library, new byte[] {1, 2, 3});
        assertThat(NativeLibrary.cached(cache, NativeLibrary.platform())).hasValue(folder);
        assertThat(library).hasBinaryContent(whole);
    }

    @Test
    void aPlatformWithoutLibrariesHasNoCache() throws IOException {
        assertThat(NativeLibrary.cached(cache, "abacus-x64")).isEmpty();
        assertThat(files(cache)).isEmpty();
    }

    @Test
    void theFolderFollowsTheCustomsOfTheSystem() {
        assertThat(CacheFolder.nativeLibraries(Map.of(), "/home/ada", "linux"))
                .isEqualTo(Path.of("/home/ada/.cache/fewbit/native"));
        assertThat(CacheFolder.nativeLibraries(Map.of(), "/home/ada", "osx"))
                .isEqualTo(Path.of("/home/ada/Library/Caches/fewbit/native"));
        Path chosen = cache.toAbsolutePath();
        assertThat(
                        CacheFolder.nativeLibraries(
                                Map.of("XDG_CACHE_HOME", chosen.toString()), "/home/ada", "linux"))
                .isEqualTo(chosen.resolve("fewbit").resolve("native"));
        assertThat(
                        CacheFolder.nativeLibraries(
                                Map.of("XDG_CACHE_HOME", "relative"), "/home/ada", "linux"))
                .isEqualTo(Path.of("/home/ada/.cache/fewbit/native"));
    }
}
