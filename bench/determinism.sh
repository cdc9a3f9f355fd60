#!/usr/bin/env bash
#
# Quantizes MiniLM by every recipe with 1, 2 and 4 threads, and checks that the files have the same
# bytes. Prints a Markdown table; exit code 1 if any differ.
#
#   bench/determinism.sh [MODEL.onnx]     MODEL in place of MiniLM
#
# THREADS and RECIPES change what is tried: THREADS='1 3 8' RECIPES=int8-dynamic bench/determinism.sh

set -eu
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

make_work_folder
prepare_fewbit
choose_model "$@"
threads=${THREADS:-1 2 4}

echo "| recipe | threads | SHA-256 | |"
echo "|---|---|---|---|"
failed=0
for recipe in ${RECIPES:-$recipes}; do
  first=''
  for count in $threads; do
    say "$recipe, $count threads ..."
    # The same name each time: a model with external data names its file inside.
    "$fewbit" quantize "$model" -o "$work/out.onnx" --recipe "$recipe" --threads "$count" \
      >"$work/output" 2>&1 || {
      cat "$work/output" >&2
      die "cannot quantize by $recipe with $count threads"
    }
    sum=$(cat "$work"/out.onnx* | sha256 | cut -d ' ' -f 1)
    rm -f "$work"/out.onnx*
    first=${first:-$sum}
    if [ "$sum" = "$first" ]; then
      verdict=same
    else
      verdict='**differs**'
      failed=1
    fi
    echo "| $recipe | $count | $sum | $verdict |"
  done
done
[ $failed -eq 0 ] || die "the number of threads changes the bytes"
