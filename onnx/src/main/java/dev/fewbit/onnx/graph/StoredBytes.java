package dev.fewbit.onnx.graph;

/**
 * Bytes that exist now and are stored exactly as they are to be written: in memory or in a file.
 */
public sealed interface StoredBytes extends TensorData permits InlineBytes, FileRegion {}
