package dev.fewbit.onnx.graph;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** An ONNX model: a graph, the operator sets it is written for, and what else its file says. */
public final class Model {
    private final Graph graph;
    private long irVersion;
    private String producerName = "";
    private String producerVersion = "";
    private final Map<String, OpsetImport> opsets = new LinkedHashMap<>();
    private final List<MetadataEntry> metadata = new ArrayList<>();
    private final List<FunctionDefinition> functions = new ArrayList<>();
    private Remainder remainder = Remainder.NONE;
    private @Nullable Path source;
    private final Set<Path> sourceFiles = new LinkedHashSet<>();

    /**
     * @param irVersion version of the file format, see <a
     *     href="https://onnx.ai/onnx/repo-docs/Versioning.html">ONNX Versioning</a>
     * @param graph the graph that runs
     */
    public Model(long irVersion, Graph graph) {
        this.irVersion = irVersion;
        this.graph = Objects.requireNonNull(graph, "graph");
    }

    /** The default operator domain has two spellings, "" and "ai.onnx"; here it is always "". */
    public static String normalDomain(String domain) {
        return domain.equals("ai.onnx") ? "" : domain;
    }

    /** The graph that runs. */
    public Graph graph() {
        return graph;
    }

    /** Version of the file format. */
    public long irVersion() {
        return irVersion;
    }

    /** Sets the version of the file format; newer element types need a newer one. */
    public void setIrVersion(long irVersion) {
        this.irVersion = irVersion;
    }

    /** The operator sets this model is written for, in file order; a copy. */
    public List<OpsetImport> opsets() {
        return List.copyOf(opsets.values());
    }

    /**
     * Version of the operator set of this domain ("" and "ai.onnx" are the same), if the model
     * imports it.
     */
    public OptionalLong opset(String domain) {
        OpsetImport opset = opsets.get(normalDomain(domain));
        return opset == null ? OptionalLong.empty() : OptionalLong.of(opset.version());
    }

    /** Imports an operator set, or changes the version of one. */
    public void setOpset(String domain, long version) {
        OpsetImport old = opsets.get(normalDomain(domain));
        setOpset(new OpsetImport(domain, version, old == null ? Remainder.NONE : old.remainder()));
    }

    /** Imports an operator set, or replaces the import of the same domain. */
    public void setOpset(OpsetImport opset) {
        opsets.put(opset.domain(), opset);
    }

    /** Software that made the model; may be empty. */
    public String producerName() {
        return producerName;
    }

    /** Version of the software that made the model; may be empty. */
    public String producerVersion() {
        return producerVersion;
    }

    /** States which software made the model. */
    public void setProducer(String name, String version) {
        producerName = Objects.requireNonNull(name, "name");
        producerVersion = Objects.requireNonNull(version, "version");
    }

    /** The metadata properties in file order; a view. */
    public List<MetadataEntry> metadata() {
        return Collections.unmodifiableList(metadata);
    }

    /** The metadata property with this key. */
    public Optional<String> metadata(String key) {
        return metadata.stream()
                .filter(entry -> entry.key().equals(key))
                .map(MetadataEntry::value)
                .findFirst();
    }

    /** Adds a metadata property, or changes the value of the first with this key. */
    public void putMetadata(String key, String value) {
        for (int index = 0; index < metadata.size(); index++) {
            MetadataEntry entry = metadata.get(index);
            if (entry.key().equals(key)) {
                metadata.set(index, new MetadataEntry(key, value, entry.remainder()));
                return;
            }
        }
        addMetadata(new MetadataEntry(key, value, Remainder.NONE));
    }

    /** For readers: adds an entry as it is, even when the key is there already. */
    public void addMetadata(MetadataEntry entry) {
        metadata.add(entry);
    }

    /** Removes all metadata properties with this key. */
    public void removeMetadata(String key) {
        metadata.removeIf(entry -> entry.key().equals(key));
    }

    /** The functions that the model itself defines; a view. */
    public List<FunctionDefinition> functions() {
        return Collections.unmodifiableList(functions);
    }

    /** Replaces all functions. */
    public void setFunctions(List<FunctionDefinition> replacements) {
        List<FunctionDefinition> all = List.copyOf(replacements);
        functions.clear();
        functions.addAll(all);
    }

    /** Adds a function. */
    public void addFunction(FunctionDefinition function) {
        functions.add(function);
    }

    /**
     * Domain, model version, doc string, training information and unknown fields, written back as
     * they were read.
     */
    public Remainder remainder() {
        return remainder;
    }

    /** For readers. */
    public void setRemainder(Remainder remainder) {
        this.remainder = Objects.requireNonNull(remainder, "remainder");
    }

    /** The file this model was read from; null when it was not read from a file. */
    public @Nullable Path source() {
        return source;
    }

    /**
     * The files this model was read from, external data included: they must stay as they are while
     * it is in use.
     */
    public Set<Path> sourceFiles() {
        return Collections.unmodifiableSet(sourceFiles);
    }

    /** For readers: the model's file and the external data files that belong to it. */
    public void setSource(Path file, Collection<Path> externalData) {
        source = file;
        sourceFiles.clear();
        sourceFiles.add(file);
        sourceFiles.addAll(externalData);
    }

    @Override
    public String toString() {
        return "Model["
                + (source == null ? graph : source)
                + ", IR version "
                + irVersion
                + ", opsets "
                + opsets.values()
                + "]";
    }
}
