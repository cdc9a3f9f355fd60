#!/usr/bin/env bash
#
# Generates a transformer with external data, and holds the time and memory of quantizing it to 4
# bits against `cp` of the same data. Prints a Markdown table.
#
#   bench/large-model.sh [-m MEGABYTES] [-n RUNS] [-r RECIPE] [-t THREADS] [-c] [FOLDER]
#
#   FOLDER  where to put it, the usual place for temporary files otherwise; all is deleted in the end
#   -m      size of the float weights, 4000 otherwise; twice that is needed on the disk
#   -n      runs of each, in turn; 3 otherwise
#   -r      recipe, int4-weights otherwise
#   -c      also compare the two models in ONNX Runtime, which needs memory for both
#
# Both sides read the same file, which is in the page cache before each run as far as memory goes
# (it is read once right before), and both write through the page cache; `sync` before each run lets
# neither pay for what the other left to be written. The copy is never a reflink.

set -eu
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

megabytes=4000 runs=3 recipe=int4-weights threads='' compare=0
while getopts m:n:r:t:c option; do
  case $option in
    m) megabytes=$OPTARG ;;
    n) runs=$OPTARG ;;
    r) recipe=$OPTARG ;;
    t) threads=$OPTARG ;;
    c) compare=1 ;;
    *) die "usage: large-model.sh [-m MEGABYTES] [-n RUNS] [-r RECIPE] [-t THREADS] [-c] [FOLDER]" ;;
  esac
done
shift $((OPTIND - 1))
folder=${1:-${TMPDIR:-/tmp}}
[ -d "$folder" ] || die "there is no folder $folder"

# The data, its copy, and half a gigabyte to spare. The copy is gone before the result is written.
needed=$((megabytes * 2 + 500))
free=$(df -Pk "$folder" | awk 'NR == 2 { print int($4 * 1024 / 1000000) }')
[ "$free" -ge "$needed" ] || die "$needed MB are needed in $folder, $free MB are free" \
  "Give another folder, or a smaller model with -m."

make_work_folder "$folder"
find_time
prepare_fewbit

say "building the generator ..."
build_bench
# Building may have renewed what the tool consists of.
prepare_fewbit
java() {
  "$java_home/bin/java" -Xlog:disable --enable-native-access=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow -cp "$bench/target/benchmarks.jar" "$@"
}

model=$work/large.onnx
data=$model.data
say "generating $megabytes MB ..."
generated=$(java dev.fewbit.bench.large.GenerateModel "$model" "$megabytes")
generated=${generated#*: }

# GNU's cp may share blocks instead of copying.
no_reflink=''
if cp --reflink=never "$model" "$work/probe" 2>/dev/null; then
  no_reflink=--reflink=never
fi
rm -f "$work/probe"

settle() {
  sync
  cat "$data" >/dev/null
}

options=(--recipe "$recipe")
[ -z "$threads" ] || options+=(--threads "$threads")

run=1
while [ "$run" -le "$runs" ]; do
  say "run $run of $runs ..."
  settle
  # shellcheck disable=SC2086
  measure cp $no_reflink "$data" "$work/copy"
  echo "$seconds" >>"$work/copies"
  rm -f "$work/copy"

  settle
  measure "$fewbit" quantize "$model" -o "$work/small.onnx" "${options[@]}"
  echo "$seconds" >>"$work/quantizations"
  echo "$peak_kb" >>"$work/peaks"
  run=$((run + 1))
done

size=$(file_size "$data")
small=$(cat "$work"/small.onnx* | wc -c | tr -d ' ')
copying=$(median <"$work/copies")
quantizing=$(median <"$work/quantizations")
peak=$(sort -n "$work/peaks" | tail -n 1)

echo "Model: $generated, seed 0. Machine: $(describe_machine)."
echo "Medians of $runs runs in turn, page cache warm for both; memory is the largest of the runs."
echo
echo "| what | wall | of the input, per second | peak resident memory |"
echo "|---|---|---|---|"
printf '| cp of the data (%s MB) | %.2f s | %.0f MB | |\n' \
  "$((size / 1000000))" "$copying" "$(calculate %.1f "$size / 1e6 / $copying")"
printf '| fewbit quantize, %s (to %s MB) | %.2f s | %.0f MB | %.0f MB |\n' "${options[*]}" \
  "$((small / 1000000))" "$quantizing" "$(calculate %.1f "$size / 1e6 / $quantizing")" \
  "$(calculate %.1f "$peak * 1024 / 1e6")"
printf '| speed against cp | %.2f | | |\n' "$(calculate %.4f "$copying / $quantizing")"
echo

"$fewbit" inspect "$work/small.onnx" >"$work/output" 2>&1 ||
  die "fewbit inspect cannot read the result" "$(tail -n 5 "$work/output")"
loaded=$(java dev.fewbit.bench.large.RunModel "$work/small.onnx")
echo "Result: ${loaded#*: }."
if [ $compare -eq 1 ]; then
  echo
  "$fewbit" compare "$model" "$work/small.onnx"
fi
