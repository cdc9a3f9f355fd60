package dev.fewbit.onnx.opset;

/**
 * The oldest IR version (file format version) that may carry an opset.
 *
 * <p>Source: the release table of the specification, <a
 * href="https://github.com/onnx/onnx/blob/main/docs/Versioning.md">Versioning.md</a>.
 */
final class IrVersions {

    /** From this IR version on, an initializer that is also a graph input is only a default. */
    static final int INITIALIZERS_MAY_BE_OVERRIDDEN = 4;

    private IrVersions() {}

    /**
     * The IR version that came with an opset.
     *
     * @param opset a version of the default domain, 7 to 26
     */
    static int minimumFor(int opset) {
        return switch (opset) {
            case 7, 8 -> 3;
            case 9 -> 4;
            case 10 -> 5;
            case 11 -> 6;
            case 12, 13, 14 -> 7;
            case 15, 16, 17, 18 -> 8;
            case 19, 20 -> 9;
            case 21, 22 -> 10;
            case 23 -> 11;
            case 24 -> 12;
            case 25, 26 -> 13;
            default ->
                    throw new IllegalArgumentException("Opset must be 7 to 26, got " + opset + ".");
        };
    }
}
