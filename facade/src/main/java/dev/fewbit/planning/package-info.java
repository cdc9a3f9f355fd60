/**
 * From a recipe and a model to a plan, and plans as YAML that people can read, edit and feed back.
 *
 * <p>Start from {@link dev.fewbit.planning.Planner} and {@link dev.fewbit.planning.PlanYaml}.
 */
@NullMarked
package dev.fewbit.planning;

import org.jspecify.annotations.NullMarked;
