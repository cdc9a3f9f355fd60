package dev.fewbit.onnx.io;

import dev.fewbit.onnx.graph.Model;

/**
 * Which versions of the format and of the default operator set are supported, and the refusal of
 * others.
 */
final class SupportedVersions {
    static final long OLDEST_IR = 3;
    static final long NEWEST_IR = 13;
    static final long OLDEST_OPSET = 7;
    static final long NEWEST_OPSET = 26;

    private SupportedVersions() {}

    static void require(Decoding decoding, Model model) throws OnnxFormatException {
        long ir = model.irVersion();
        if (ir < OLDEST_IR || ir > NEWEST_IR) {
            throw decoding.refuse(
                    ir == 0
                            ? "it does not state its IR version; "
                                    + OLDEST_IR
                                    + " to "
                                    + NEWEST_IR
                                    + " are supported"
                            : "expected an IR version from "
                                    + OLDEST_IR
                                    + " to "
                                    + NEWEST_IR
                                    + ", got "
                                    + ir,
                    ir > NEWEST_IR
                            ? "Export it for a lower IR version, or use a newer version of Fewbit"
                            : "Check that this is an ONNX model; if it is one, export it with a"
                                    + " newer exporter");
        }
        if (model.opsets().isEmpty()) {
            throw decoding.damaged("it imports no operator set");
        }
        if (model.opset("").isPresent()) {
            long opset = model.opset("").getAsLong();
            if (opset < OLDEST_OPSET || opset > NEWEST_OPSET) {
                throw decoding.refuse(
                        "expected an opset from "
                                + OLDEST_OPSET
                                + " to "
                                + NEWEST_OPSET
                                + ", got "
                                + opset,
                        opset > NEWEST_OPSET
                                ? "Export it for a lower opset, or use a newer version of Fewbit"
                                : "Export it again for opset 13 or later, or convert it with"
                                        + " onnx.version_converter");
            }
        }
    }
}
