#!/usr/bin/env bash
#
# Few bits on real networks: quantizes each by the recipes of few bits and compares it with the float one.
#
#   bench/few-bits.sh -m MODEL -c CALIBRATION -t EVALUATION [-o FOLDER] RECIPE...
#
# A RECIPE may carry options: 'int4 --granularity block:16'. Prints one line of figures for each.

set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

model='' calibration='' evaluation='' out=''
while getopts m:c:t:o: option; do
  case $option in
    m) model=$OPTARG ;;
    c) calibration=$OPTARG ;;
    t) evaluation=$OPTARG ;;
    o) out=$OPTARG ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
if [ -z "$model" ] || [ -z "$calibration" ] || [ -z "$evaluation" ] || [ $# -eq 0 ]; then
  echo "usage: bench/few-bits.sh -m MODEL -c CALIBRATION -t EVALUATION [-o FOLDER] RECIPE..." >&2
  exit 2
fi
if [ -z "$out" ]; then
  out=$(mktemp -d)
  trap 'rm -rf "$out"' EXIT
fi
mkdir -p "$out"

for recipe in "$@"; do
  name=${recipe//[^A-Za-z0-9]/-}
  read -r -a words <<<"$recipe"
  start=$(date +%s.%N)
  "$here/../fewbit" quantize "$model" -o "$out/$name.onnx" --recipe "${words[@]}" \
    --data "$calibration" --test-data none >"$out/$name.txt"
  end=$(date +%s.%N)
  "$here/../fewbit" compare "$model" "$out/$name.onnx" --data "$evaluation" >>"$out/$name.txt"
  printf '%s\n' "$recipe"
  printf '  %d bytes, quantized in %.1f s\n' "$(stat -c %s "$out/$name.onnx")" \
    "$(echo "$end - $start" | bc)"
  # The task's figures, and what each output lost.
  sed -n '/^Task$/,/^$/p; /^Outputs$/,/^$/p' "$out/$name.txt" | grep -E '^  [a-z]'
done
