package dev.fewbit.onnx.prepare;

import dev.fewbit.core.plan.Preparation;

/**
 * Something that a pass did, or found but left alone.
 *
 * @param pass the pass
 * @param node label of the node that it is about; empty for a summary
 * @param done true when something was changed, false when something was left as it was
 * @param text what and why, as a sentence for a person
 */
public record PreparationNote(Preparation pass, String node, boolean done, String text) {}
