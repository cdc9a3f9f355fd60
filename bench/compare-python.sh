#!/usr/bin/env bash
#
# Fewbit and the usual Python tool (onnxruntime.quantization) side by side: time and memory of
# quantizing MiniLM, size, quality and latency of the results, in one run and in the same runtime.
# Prints Markdown. Needs a Python with numpy, onnx and onnxruntime (and onnx_ir, for 4 bits).
#
#   PYTHON=/some/venv/bin/python bench/compare-python.sh [--data PAIRS.jsonl] [--stories MODEL]
#     [--vision MODEL]... [--runs N] [--rounds N] [--pairs N] [--work FOLDER]
#
# `bench/compare-python.py --help` says more.

set -eu
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

python=${PYTHON:-python3}
command -v "$python" >/dev/null || die "there is no $python" \
  "Set PYTHON to a Python 3.9 or newer with numpy, onnx and onnxruntime."
# Says what is missing before anything is built or fetched.
"$python" "$bench/compare-python.py" --check

make_work_folder
prepare_fewbit
take_from_jar "$minilm_artifact" "$minilm_entry" "$work/minilm.onnx"
TMPDIR=$work "$python" "$bench/compare-python.py" --model "$work/minilm.onnx" --fewbit "$fewbit" "$@"
