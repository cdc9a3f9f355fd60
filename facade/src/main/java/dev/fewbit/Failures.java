package dev.fewbit;

import dev.fewbit.onnx.encode.EncodingException;
import dev.fewbit.onnx.graph.InvalidGraphException;
import dev.fewbit.onnx.opset.OpsetException;
import dev.fewbit.runtime.session.RuntimeModelException;

import java.io.IOException;
import java.util.concurrent.Callable;

/** Turns what the layers below throw into the one exception that users of the library meet. */
final class Failures {
    private Failures() {}

    static <T> T translate(Callable<T> work) {
        try {
            return work.call();
        } catch (FewbitException alreadyTranslated) {
            throw alreadyTranslated;
        } catch (IOException
                | EncodingException
                | InvalidGraphException
                | OpsetException
                | RuntimeModelException failure) {
            throw new FewbitException(String.valueOf(failure.getMessage()), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new FewbitException("interrupted", interrupted);
        } catch (RuntimeException bug) {
            throw bug;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
