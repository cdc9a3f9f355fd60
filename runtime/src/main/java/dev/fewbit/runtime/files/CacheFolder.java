package dev.fewbit.runtime.files;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Map;

/** The folders in which things are kept between runs: the user's, and nobody else's. */
public final class CacheFolder {

    private CacheFolder() {}

    /** Where native libraries are kept; it need not exist. */
    public static Path nativeLibraries() {
        return nativeLibraries(System.getenv(), System.getProperty("user.home"), osName());
    }

    /** Where measurements of searches are kept; it need not exist. */
    public static Path measurements() {
        return cache(System.getenv(), System.getProperty("user.home"), osName()).resolve("search");
    }

    /**
     * The per-user cache folder for native libraries by the customs of the operating system.
     *
     * @param environment environment variables
     * @param home the user's home folder
     * @param os operating system as {@link #osName()} has it
     */
    public static Path nativeLibraries(Map<String, String> environment, String home, String os) {
        return cache(environment, home, os).resolve("native");
    }

    private static Path cache(Map<String, String> environment, String home, String os) {
        String variable =
                switch (os) {
                    case "win" -> "LOCALAPPDATA";
                    default -> "XDG_CACHE_HOME";
                };
        String chosen = environment.getOrDefault(variable, "");
        Path base;
        if (!chosen.isEmpty() && Path.of(chosen).isAbsolute()) {
            base = Path.of(chosen);
        } else if (os.equals("osx")) {
            base = Path.of(home, "Library", "Caches");
        } else {
            base = Path.of(home, ".cache");
        }
        return base.resolve("fewbit");
    }

    /** The operating system: {@code linux}, {@code osx} or {@code win}. */
    public static String osName() {
        String name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (name.contains("mac")) {
            return "osx";
        }
        return name.contains("win") ? "win" : "linux";
    }

    /**
     * Makes a folder. Libraries are code: nobody else may write them, and a folder of someone else
     * is not used.
     *
     * @throws IOException if it cannot be made, or others could write into it
     */
    public static void requirePrivate(Path folder) throws IOException {
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            if (!PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))
                    .equals("rwx------")) {
                throw new IOException(folder + " is open to others");
            }
            Path mine = Files.createTempFile(folder, "owner", ".part");
            boolean same = Files.getOwner(mine).equals(Files.getOwner(folder));
            Files.delete(mine);
            if (!same) {
                throw new IOException(folder + " belongs to someone else");
            }
        } else {
            Files.createDirectories(folder);
        }
    }
}
