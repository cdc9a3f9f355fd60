#!/usr/bin/env bash
#
# Mixed precision against fixed precision: quantizes a network by recipes, then searches for the best network of the same size.
#
#   bench/search.sh -m MODEL -c CALIBRATION -t EVALUATION [-o FOLDER] [-r MEASUREMENTS] RECIPE...
#
# A RECIPE may carry options: 'int4 --granularity block:16'. Prints the bytes and the task's metrics of both, and the time of each
# search. Measurements are kept in the folder given with -r; by default all searches of one call share a fresh one.

set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

model='' calibration='' evaluation='' out='' measurements=''
while getopts m:c:t:o:r: option; do
  case $option in
    m) model=$OPTARG ;;
    c) calibration=$OPTARG ;;
    t) evaluation=$OPTARG ;;
    o) out=$OPTARG ;;
    r) measurements=$OPTARG ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
if [ -z "$model" ] || [ -z "$calibration" ] || [ -z "$evaluation" ] || [ $# -eq 0 ]; then
  echo "usage: bench/search.sh -m MODEL -c CALIBRATION -t EVALUATION [-o FOLDER] [-r MEASUREMENTS] RECIPE..." >&2
  exit 2
fi
if [ -z "$out" ]; then
  out=$(mktemp -d)
  trap 'rm -rf "$out"' EXIT
fi
mkdir -p "$out"
measurements=${measurements:-$out/measurements}

# The size of file $1, and what it reaches, from the text of a comparison in $2.
show() {
  printf '  %-8s %9d bytes' "$3" "$(stat -c %s "$1")"
  sed -n '/^Task$/,/^$/p; /^Outputs$/,/^$/p' "$2" | grep -E '^  (top-1|perplexity|word accuracy|cosine|spearman|[a-z_]+ .*dB)' | head -2 |
    tr -s ' ' | tr '\n' ';' || true
  printf '\n'
}

for recipe in "$@"; do
  name=${recipe//[^A-Za-z0-9]/-}
  read -r -a words <<<"$recipe"
  printf '%s\n' "$recipe"
  "$here/../fewbit" quantize "$model" -o "$out/$name.onnx" --recipe "${words[@]}" \
    --data "$calibration" --test-data none >"$out/$name.txt" 2>&1
  "$here/../fewbit" compare "$model" "$out/$name.onnx" --data "$evaluation" >"$out/$name.txt" 2>&1
  show "$out/$name.onnx" "$out/$name.txt" fixed
  start=$(date +%s.%N)
  "$here/../fewbit" search "$model" -o "$out/$name-mixed.onnx" --data "$calibration" \
    --max-size "$(stat -c %s "$out/$name.onnx")" --measurements "$measurements" >"$out/$name-mixed.txt" 2>&1
  end=$(date +%s.%N)
  "$here/../fewbit" compare "$model" "$out/$name-mixed.onnx" --data "$evaluation" >"$out/$name-mixed.txt" 2>&1
  show "$out/$name-mixed.onnx" "$out/$name-mixed.txt" mixed
  printf '           searched in %.1f s\n' "$(echo "$end - $start" | bc)"
done
