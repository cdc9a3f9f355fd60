/**
 * What is to be done to a model, its graph, activations and weights, and why.
 *
 * <p>Start from {@link dev.fewbit.core.plan.Plan}. Recipes, searches and training make plans; the
 * encodings carry them out. A plan is the only thing that the two sides share, so that a person can
 * read, edit and feed it back.
 */
@NullMarked
package dev.fewbit.core.plan;

import org.jspecify.annotations.NullMarked;
