#!/usr/bin/env bash
#
# How long it takes to plan a network of very many small layers for static int8, from statistics
# that were saved: the whole process, with reading, preparing and writing. Prints a Markdown table.
#
#   bench/planning.sh [-n NODES] [-r RUNS]
#
#   -n  nodes of the network, 2400 otherwise
#   -r  runs, 5 otherwise; one to get warm comes before

set -eu
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

nodes=2400 runs=5
while getopts n:r: option; do
  case $option in
    n) nodes=$OPTARG ;;
    r) runs=$OPTARG ;;
    *) die "usage: planning.sh [-n NODES] [-r RUNS]" ;;
  esac
done

make_work_folder
prepare_fewbit
say "building the generator ..."
build_bench
nodes=$("$java_home/bin/java" -Xlog:disable --enable-native-access=ALL-UNNAMED \
  -cp "$bench/target/benchmarks.jar" \
  dev.fewbit.bench.large.GenerateResidualNetwork "$work/model.onnx" "$nodes" "$work/samples.jsonl")

plan() {
  "$fewbit" plan "$work/model.onnx" -o "$work/plan.yaml" --recipe int8 --corrections none \
    --statistics "$work/statistics" "$@" >"$work/output" 2>&1 || {
    cat "$work/output" >&2
    die "cannot plan"
  }
}
say "calibrating ..."
plan --data "$work/samples.jsonl"
plan

echo "Machine: $(describe_machine)."
echo
echo "| nodes | runs | seconds, median | least | processor, median |"
echo "|---|---|---|---|---|"
TIMEFORMAT='%R %U %S'
: >"$work/times"
for ((run = 0; run < runs; run++)); do
  say "planning, run $((run + 1)) of $runs ..."
  { time plan; } 2>>"$work/times"
done
printf '| %d | %d | %.2f | %.2f | %.2f |\n' "$nodes" "$runs" \
  "$(cut -d ' ' -f 1 "$work/times" | median)" \
  "$(cut -d ' ' -f 1 "$work/times" | sort -n | head -n 1)" \
  "$(awk '{ print $2 + $3 }' "$work/times" | median)"
