package dev.fewbit.core.quantize;

import dev.fewbit.core.format.NumberFormat;

/** A tensor in fewer bits, and all that is needed to get back to floats. */
public sealed interface QuantizedTensor permits AffineTensor, LevelTensor {

    /** Kind of number that an element is stored as. */
    NumberFormat format();

    /** Dimensions; a copy. */
    long[] shape();

    /** Number of elements. */
    long elementCount();

    /** The values that the codes stand for, row-major. */
    float[] dequantize();

    /** Bits of codes and parameters together, as they are stored. */
    long sizeInBits();

    /** Stored bits per element, parameters included; 0 for an empty tensor. */
    default double bitsPerWeight() {
        return elementCount() == 0 ? 0 : (double) sizeInBits() / elementCount();
    }
}
