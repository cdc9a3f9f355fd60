package dev.fewbit.runtime.task;

/** What a model is for, and at which output one sees it. Immutable. */
public sealed interface Task permits Classification, Similarity, NextToken, TextReading {

    /** Name of the output that is looked at. */
    String output();

    /** A new accumulator for one model. */
    TaskScore score();
}
