/**
 * Small programs that show the library in use. Never shipped.
 *
 * <p>Start from {@link dev.fewbit.examples.QuantizeAndReport}, the whole job in five lines; {@link
 * dev.fewbit.examples.EditPlan} decides about single layers.
 */
@NullMarked
package dev.fewbit.examples;

import org.jspecify.annotations.NullMarked;
