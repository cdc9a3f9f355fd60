package dev.fewbit;

/** How the activations that meet a quantized weight are computed with. */
public enum Activations {
    /**
     * In float: the weight is the only thing that is rounded. Runs at the speed of the float model.
     */
    FLOAT,
    /** Rounded to 8 bits on the go during inference, so that integer kernels do the work. */
    DYNAMIC
}
