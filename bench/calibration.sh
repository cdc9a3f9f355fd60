#!/usr/bin/env bash
#
# Holds calibration against plain inference on the same samples, and its memory for 64 samples
# against that for 2048. Prints two Markdown tables.
#
#   bench/calibration.sh [-t THREADS] [-n SAMPLES] [-r ROUNDS] [-o WANTED] [-a DETAIL] [-d DATA] [MODEL.onnx]
#
#   MODEL  the float model, MiniLM otherwise
#   -t     threads that run the model, as many as there are processors otherwise
#   -n     samples of each timed run, 128 otherwise
#   -r     rounds, in each of which both run in turn; 5 otherwise
#   -o     what is measured: recipe:NAME for exactly what this recipe measures, recipe:int8 otherwise;
#          all for every value that a quantizer might ask for; or operators whose outputs are measured,
#          with commas between; their inputs, too, where a plus sign follows
#   -a     for operators: axis of the channels whose ranges and sums are measured, too, -1 is the last;
#          with histograms: before it their histograms as well
#   -d     .npz, .npy or .jsonl with samples, random ones otherwise; the first 64 are used, repeated
#
# Samples lie in memory, so that reading them is part of neither side. Both sides load the model.

set -eu
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

threads=$(getconf _NPROCESSORS_ONLN) samples=128 rounds=5 axis=- data=- operators=recipe:int8
all=Conv+,Gemm+,MatMul+,Relu,Clip,Add+,Mul+,Sub+,Div+,Pow+,Sqrt+,Erf+,Softmax+,ReduceMean+,LayerNormalization+,Concat,AveragePool,GlobalAveragePool,MaxPool
while getopts t:n:r:o:a:d: option; do
  case $option in
    t) threads=$OPTARG ;;
    n) samples=$OPTARG ;;
    r) rounds=$OPTARG ;;
    o) operators=$OPTARG ;;
    a) axis=$OPTARG ;;
    d) data=$OPTARG ;;
    *) die "usage: calibration.sh [-t THREADS] [-n SAMPLES] [-r ROUNDS] [-o OPERATORS] [-a AXIS] [-d DATA] [MODEL.onnx]" ;;
  esac
done
shift $((OPTIND - 1))
[ "$operators" != all ] || operators=$all

make_work_folder
prepare_fewbit
choose_model "$@"

say "building the measuring program ..."
build_bench
options=
program() {
  # The collector is the one that the tool runs with.
  "$java_home/bin/java" -Xlog:disable -XX:+UseSerialGC $options --enable-native-access=ALL-UNNAMED \
    -cp "$bench/target/benchmarks.jar" dev.fewbit.bench.calibration.MeasureCalibration "$@"
}

echo "Machine: $(describe_machine)."
echo "Time per sample over $rounds rounds after one to get warm: wall (median, and the median of the"
echo "rounds' ratios), least wall, and processor time of all threads (median)."
echo
echo "| model | values | threads | samples | plain | calibration | ratio | plain, least | calibration, least | ratio | plain, processor | calibration, processor | ratio |"
echo "|---|---|---|---|---|---|---|---|---|---|---|---|---|"
say "plain inference and calibration in turn ..."
program times "$model" "$data" "$operators" "$axis" "$threads" "$samples" "$rounds"
echo
echo "| samples | peak resident memory |"
echo "|---|---|"
# Where new objects go is small from the start: else it would be filled once, slowly, and that would
# look like memory that is kept.
options=-Xmn16m
for count in 64 2048; do
  say "memory for $count samples ..."
  peak=$(program memory "$model" "$data" "$operators" "$axis" "$threads" "$count")
  printf '| %d | %.0f MB |\n' "$count" "$(calculate %.1f "${peak%% *} / 1e6")"
done
