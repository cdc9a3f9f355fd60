package dev.fewbit;

/** How the activations that meet a quantized weight are computed with. */
public enum Activations {
    /**
     * In float: the weight is the only thing that is rounded. Loads into as much memory as the
     * float model and runs at its speed; the file is small all the same.
     */
    FLOAT,
    /**
     * Rounded to 8 bits on the go during inference, so that integer kernels do the work: with one
     * scale for the whole activation where weights are int8 per channel, and with one scale for
     * every block where weights have fewer bits or blocks of their own.
     */
    DYNAMIC,
    /**
     * Rounded to 8 (or 16, or 2 to 7) bits with one scale for each value that the network computes,
     * found beforehand by running the float model on data. Convolutions too run on integer kernels
     * then.
     */
    STATIC
}
