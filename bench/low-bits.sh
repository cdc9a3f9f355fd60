#!/usr/bin/env bash
#
# Times one layer with weights of 1 to 8 bits in every encoding beside the float layer: a 3 x 3
# convolution and products with 1 and 128 rows. Prints Markdown tables.
#
#   bench/low-bits.sh [-n ROUNDS]
#
#   -n     rounds, in each of which every layer runs once untimed and once timed; 200 otherwise
#          (a fifth of them with 128 rows)
#
# All run in one process, on one thread, in turn. The kernel that the runtime chose is read from
# the model that it makes.

set -eu
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

rounds=200
while getopts n: option; do
  case $option in
    n) rounds=$OPTARG ;;
    *) die "usage: low-bits.sh [-n ROUNDS]" ;;
  esac
done

make_work_folder
prepare_fewbit
say "building the measuring program ..."
build_bench
echo "Machine: $(describe_machine)."
say "layers in turn ..."
"$java_home/bin/java" -Xlog:disable -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED \
  --add-modules jdk.incubator.vector \
  -cp "$bench/target/benchmarks.jar" dev.fewbit.bench.lowbit.MeasureLowBits "$work" "$rounds"
