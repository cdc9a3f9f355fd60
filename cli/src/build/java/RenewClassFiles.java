import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Rewrites the class files in jars that are in a format older than Java 6's into Java 8's.
 *
 * <p>The JVM's ahead-of-time cache leaves such classes out, since the verifier for them is another.
 * picocli is made of them, and loading it without the cache takes longer than the rest of starting.
 * Jars without such class files are left as they are, and so are their other entries.
 *
 * <p>The build runs this from source: {@code java RenewClassFiles.java x.jar y.jar}.
 */
final class RenewClassFiles {

    private static final int FIRST_WITH_STACK_MAPS = 50;

    public static void main(String[] jars) throws IOException {
        for (String jar : jars) {
            renew(Path.of(jar));
        }
    }

    private static void renew(Path jar) throws IOException {
        Map<JarEntry, byte[]> entries = new LinkedHashMap<>();
        Map<String, byte[]> byName = new LinkedHashMap<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream().toList()) {
                byte[] bytes = file.getInputStream(entry).readAllBytes();
                entries.put(entry, bytes);
                byName.put(entry.getName(), bytes);
            }
        }
        if (entries.entrySet().stream().noneMatch(RenewClassFiles::isOld)) {
            return;
        }

        // Stack maps name common superclasses, which are looked up in the jar and then in the JDK.
        ClassHierarchyResolver hierarchy =
                ClassHierarchyResolver.ofResourceParsing(
                                type -> {
                                    String descriptor = type.descriptorString();
                                    String name = descriptor.substring(1, descriptor.length() - 1);
                                    byte[] bytes = byName.get(name + ".class");
                                    return bytes == null ? null : new ByteArrayInputStream(bytes);
                                })
                        .orElse(ClassHierarchyResolver.defaultResolver());
        ClassFile classFile =
                ClassFile.of(
                        ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                        ClassFile.ClassHierarchyResolverOption.of(hierarchy));
        // Passing each method's code through element by element is what makes it be built anew.
        ClassTransform renewal =
                ClassTransform.transformingMethodBodies((code, element) -> code.with(element))
                        .andThen(
                                (type, element) -> {
                                    if (element instanceof ClassFileVersion) {
                                        type.withVersion(ClassFile.JAVA_8_VERSION, 0);
                                    } else {
                                        type.with(element);
                                    }
                                });

        Path renewed = jar.resolveSibling(jar.getFileName() + ".new");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(renewed))) {
            for (Map.Entry<JarEntry, byte[]> entry : entries.entrySet()) {
                JarEntry copy = new JarEntry(entry.getKey().getName());
                copy.setTime(entry.getKey().getTime());
                out.putNextEntry(copy);
                out.write(
                        isOld(entry)
                                ? classFile.transformClass(
                                        classFile.parse(entry.getValue()), renewal)
                                : entry.getValue());
            }
        }
        Files.move(renewed, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    private static boolean isOld(Map.Entry<JarEntry, byte[]> entry) {
        byte[] bytes = entry.getValue();
        return entry.getKey().getName().endsWith(".class")
                && ((bytes[6] & 0xff) << 8 | (bytes[7] & 0xff)) < FIRST_WITH_STACK_MAPS;
    }
}
