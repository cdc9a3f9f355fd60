#!/usr/bin/env bash
#
# Holds what networks compute on libtorch, where they are trained, against ONNX Runtime: on random
# inputs, the largest error in units of the largest absolute output. Prints a Markdown table. Exit
# code 1 if one is above 1e-4, or a network has operators that cannot be trained.
#
#   bench/forward-check.sh [MODEL...]
#
#   MODEL  float networks; MiniLM otherwise
#
# Times are medians of runs in turn, with all processors, gradients off.

set -eu
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

make_work_folder
prepare_fewbit
if [ $# -eq 0 ]; then
  choose_model
  set -- "$model"
fi
for each in "$@"; do
  [ -f "$each" ] || die "there is no file $each"
done
say "building the checking program ..."
build_bench
# Threads of OpenMP that wait by spinning take the processor from those that work.
OMP_WAIT_POLICY=passive "$java_home/bin/java" -Xlog:disable --enable-native-access=ALL-UNNAMED \
  --sun-misc-unsafe-memory-access=allow -cp "$bench/target/benchmarks.jar" \
  dev.fewbit.bench.train.ForwardCheck "$@"
