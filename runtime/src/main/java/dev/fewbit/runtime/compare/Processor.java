package dev.fewbit.runtime.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The processor, as far as it matters to quantized kernels.
 *
 * @param name model name, or the architecture where the system does not tell
 * @param instructions instruction sets that integer and float kernels are chosen by
 * @param cores physical cores, at least 1
 */
record Processor(String name, List<String> instructions, int cores) {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    /** Name in the flags of /proc/cpuinfo, name that people use. */
    private static final String[][] SETS = {
        {"avx2", "AVX2"},
        {"avx512f", "AVX-512"},
        {"avx512_vnni", "AVX512-VNNI"},
        {"avx_vnni", "AVX-VNNI"},
        {"amx_int8", "AMX-INT8"},
        {"asimddp", "NEON dot product"},
        {"i8mm", "I8MM"},
        {"sve", "SVE"},
    };

    Processor {
        instructions = List.copyOf(instructions);
    }

    /** The processor that this runs on. */
    static Processor current() {
        String architecture = System.getProperty("os.arch", "unknown processor");
        int available = Runtime.getRuntime().availableProcessors();
        try {
            if (Files.isReadable(CPU_INFO)) {
                String text = new String(Files.readAllBytes(CPU_INFO), StandardCharsets.UTF_8);
                return parse(text, architecture, available);
            }
        } catch (IOException unreadable) {
            return new Processor(architecture, List.of(), available);
        }
        return new Processor(architecture, List.of(), available);
    }

    /**
     * Reads what Linux says of its processors.
     *
     * @param cpuInfo text of /proc/cpuinfo
     * @param architecture name to use when the text has none
     * @param available processors that this process may use
     */
    static Processor parse(String cpuInfo, String architecture, int available) {
        String name = architecture;
        Set<String> flags = new HashSet<>();
        Set<String> cores = new HashSet<>();
        String socket = "";
        for (String line : cpuInfo.lines().toList()) {
            int colon = line.indexOf(':');
            if (colon < 0) {
                continue;
            }
            String value = line.substring(colon + 1).strip();
            switch (line.substring(0, colon).strip()) {
                case "model name" -> name = value;
                case "physical id" -> socket = value;
                case "core id" -> cores.add(socket + "/" + value);
                case "flags", "Features" -> flags.addAll(List.of(value.split("\\s+", -1)));
                default -> {}
            }
        }
        List<String> instructions = new ArrayList<>();
        for (String[] set : SETS) {
            if (flags.contains(set[0])) {
                instructions.add(set[1]);
            }
        }
        int physical = cores.isEmpty() ? available : Math.min(cores.size(), available);
        return new Processor(name, instructions, Math.max(physical, 1));
    }

    /** For people, for example {@code AMD EPYC (AVX2, AVX-512, AVX512-VNNI)}. */
    String describe() {
        return instructions.isEmpty() ? name : name + " (" + String.join(", ", instructions) + ")";
    }
}
