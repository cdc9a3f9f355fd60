package dev.fewbit.train.loop;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** What is made small. */
public interface Objective {

    /** Whether it needs the outputs of the float network. */
    boolean wantsTeacher();

    /**
     * The loss of a batch, one number.
     *
     * @param teacher outputs of the float network; null unless they are wanted
     */
    Tensor loss(Batch batch, List<Tensor> outputs, @Nullable List<Tensor> teacher);
}
