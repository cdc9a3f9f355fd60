package dev.fewbit.onnx.encode;

/** What the codes of a weight stand for that something has rounded as a whole. */
interface CodeMeaning {

    /**
     * The code to store: the one that was given, unless the scale of its group has been raised.
     *
     * @param element index of the weight, row-major
     * @param given what it was rounded to
     * @param value the weight
     */
    byte code(long element, byte given, float value);

    /** What the code of a weight stands for, as floats are multiplied. */
    float value(long element, byte code);

    /** Whether all codes are stored as they were given. */
    boolean keepsAll();
}
