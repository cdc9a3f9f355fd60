package dev.fewbit.runtime.session;

import dev.fewbit.runtime.files.CacheFolder;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;

/**
 * Keeps ONNX Runtime's native library in the user's cache folder.
 *
 * <p>ONNX Runtime unpacks some 30 MB from its jar at every start of a JVM, which takes 150 ms; from
 * the cache the library loads in half the time that the start took. The folder is named after the
 * content (size and checksum in the jar), every file is written beside its place and moved there,
 * so that processes may start at the same time and no half-written file is ever seen. Whatever goes
 * wrong, ONNX Runtime unpacks the library as it always did.
 */
final class NativeLibrary {

    /** Property of ONNX Runtime: the folder that its libraries are loaded from. */
    private static final String PATH_PROPERTY = "onnxruntime.native.path";

    private static final Logger LOG = System.getLogger(NativeLibrary.class.getName());

    private NativeLibrary() {}

    /**
     * Points ONNX Runtime to the cached library, filling the cache if need be. To be called before
     * any class of ONNX Runtime is touched; a folder chosen by the user is left alone.
     */
    static void prepare() {
        if (System.getProperty(PATH_PROPERTY) != null) {
            return;
        }
        try {
            Optional<Path> folder = cached(CacheFolder.nativeLibraries(), platform());
            folder.ifPresent(path -> System.setProperty(PATH_PROPERTY, path.toString()));
        } catch (IOException | RuntimeException failure) {
            LOG.log(Level.DEBUG, "the native library is unpacked at every start", failure);
        }
    }

    /**
     * Finds the libraries in the cache, unpacking them where they are missing.
     *
     * @param cache the folder for all versions
     * @param platform for example {@code linux-x64}
     * @return the folder, or empty when the class path has no libraries for the platform
     */
    static Optional<Path> cached(Path cache, String platform) throws IOException {
        StringBuilder key = new StringBuilder("onnxruntime");
        List<String> names =
                List.of(
                        System.mapLibraryName("onnxruntime"),
                        System.mapLibraryName("onnxruntime4j_jni"));
        for (String name : names) {
            Optional<ZipEntry> entry = entry(resource(platform, name));
            if (entry.isEmpty()) {
                return Optional.empty();
            }
            key.append('-').append(Long.toHexString(entry.get().getCrc()));
            key.append('-').append(Long.toHexString(entry.get().getSize()));
        }
        Path folder = cache.resolve(platform).resolve(key.toString());
        CacheFolder.requirePrivate(folder);
        for (String name : names) {
            unpack(resource(platform, name), folder.resolve(name));
        }
        return Optional.of(folder);
    }

    private static String resource(String platform, String name) {
        return "/ai/onnxruntime/native/" + platform + "/" + name;
    }

    /** The entry in the jar; empty when the resource is missing or not in a jar. */
    private static Optional<ZipEntry> entry(String resource) throws IOException {
        URL url = NativeLibrary.class.getResource(resource);
        if (url == null) {
            return Optional.empty();
        }
        URLConnection connection = url.openConnection();
        return connection instanceof JarURLConnection jar
                ? Optional.ofNullable(jar.getJarEntry())
                : Optional.empty();
    }

    private static void unpack(String resource, Path target) throws IOException {
        long size = entry(resource).map(ZipEntry::getSize).orElse(-1L);
        if (Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS) && Files.size(target) == size) {
            return;
        }
        Path parent = target.resolveSibling(".");
        Path part = Files.createTempFile(parent, "unpacking", ".part");
        try (InputStream in = NativeLibrary.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("no resource " + resource);
            }
            Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            if (Files.size(part) != size) {
                throw new IOException("unpacked " + Files.size(part) + " of " + size + " bytes");
            }
            try {
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException unsupported) {
                Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Folder name of the libraries in ONNX Runtime's jar. */
    static String platform() {
        String architecture = System.getProperty("os.arch", "");
        return CacheFolder.osName() + (architecture.equals("aarch64") ? "-aarch64" : "-x64");
    }
}
