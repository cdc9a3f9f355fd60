"""Latency of static int8: a float model, the usual Python tool's model and Fewbit's, side by side.

    PYTHON bench/compare-static.py FLOAT.onnx FEWBIT.onnx [--data SAMPLES.npz|.jsonl]
        [--shape NAME=1,3,48,320]... [--samples 16] [--rounds 200] [--threads 1]

The tool's model is made here: `quantize_static` after `quant_pre_process`, QDQ, unsigned
activations, signed weights per channel, min-max ranges; it needs numpy, onnx and onnxruntime. All
models run in the one ONNX Runtime of this Python and take turns, so that a slow moment of the
machine meets all of them. Without `--data` inputs are random, of the shapes that are given: the
time of an integer network hardly depends on its numbers; random integers are 0 and 1, which every
table has. A model below operator set 13, for which the tool's per-channel weights are not valid, is
raised to 17 for it. Prints one row of a Markdown table for each model on standard output.
"""

import argparse
import json
import logging
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import onnx
import onnx.version_converter
import onnxruntime as ort
from onnxruntime.quantization import (
    CalibrationDataReader,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process


class Given(CalibrationDataReader):
    """Hands out samples that lie in memory."""

    def __init__(self, samples):
        self.rest = iter(samples)

    def get_next(self):
        return next(self.rest, None)


def session(path, threads):
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def element(meta):
    return {"tensor(int64)": np.int64, "tensor(int32)": np.int32}.get(meta.type, np.float32)


def batched(array, meta):
    array = np.asarray(array, dtype=element(meta))
    return array if array.ndim == len(meta.shape) else array[None]


def from_npz(path, inputs, count):
    arrays = np.load(path)
    return [
        {meta.name: batched(arrays[meta.name][i], meta) for meta in inputs} for i in range(count)
    ]


def from_lines(path, inputs, count):
    samples = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if len(samples) == count:
                break
            first = np.asarray(row[next(iter(row))])
            filled = {"attention_mask": np.ones_like(first), "token_type_ids": np.zeros_like(first)}
            samples.append(
                {meta.name: batched(row.get(meta.name, filled.get(meta.name)), meta)
                 for meta in inputs})
    return samples


def random_samples(shapes, inputs, count):
    generator = np.random.default_rng(0)
    known = dict(shape.split("=") for shape in shapes)
    samples = []
    for _ in range(count):
        sample = {}
        for meta in inputs:
            shape = [int(size) for size in known[meta.name].split(",")] if meta.name in known else [
                size if isinstance(size, int) else 1 for size in meta.shape]
            if element(meta) is np.float32:
                sample[meta.name] = generator.standard_normal(shape, dtype=np.float32)
            else:
                sample[meta.name] = generator.integers(0, 2, shape).astype(element(meta))
        samples.append(sample)
    return samples


def make_tool_model(source, target, samples):
    prepared = target.with_suffix(".prepared.onnx")
    model = onnx.load(str(source))
    if max(each.version for each in model.opset_import if each.domain == "") < 13:
        source = target.with_suffix(".raised.onnx")
        onnx.save(onnx.version_converter.convert_version(model, 17), str(source))
    try:
        quant_pre_process(str(source), str(prepared))
    except Exception as failure:  # Symbolic shape inference gives up on some models.
        print(f"quant_pre_process without symbolic shapes: {failure}", file=sys.stderr)
        quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
    quantize_static(
        str(prepared), str(target), Given(samples), quant_format=QuantFormat.QDQ, per_channel=True,
        activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("float")
    parser.add_argument("fewbit")
    parser.add_argument("--data")
    parser.add_argument("--shape", action="append", default=[])
    parser.add_argument("--samples", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    logging.disable(logging.WARNING)

    given.float, given.fewbit = Path(given.float).resolve(), Path(given.fewbit).resolve()
    given.data = given.data and str(Path(given.data).resolve())
    with tempfile.TemporaryDirectory() as folder:
        # Where symbolic shape inference gives up, it leaves files in the working directory.
        os.chdir(folder)
        inputs = session(given.float, given.threads).get_inputs()
        if given.data is None:
            samples = random_samples(given.shape, inputs, given.samples)
        elif given.data.endswith(".npz"):
            samples = from_npz(given.data, inputs, given.samples)
        else:
            samples = from_lines(given.data, inputs, given.samples)
        tool = Path(folder, "tool.onnx")
        make_tool_model(given.float, tool, samples)
        models = {"float": Path(given.float), "tool": tool, "fewbit": Path(given.fewbit)}
        sessions = {name: session(path, given.threads) for name, path in models.items()}
        millis = {name: [] for name in models}
        for round_number in range(given.rounds + 1):
            sample = samples[round_number % len(samples)]
            for name, running in sessions.items():
                start = time.perf_counter()
                running.run(None, sample)
                if round_number > 0:
                    millis[name].append(1000 * (time.perf_counter() - start))
        os.chdir("/")
        base = statistics.median(millis["float"])
        for name, path in models.items():
            median = statistics.median(millis[name])
            print(f"| {Path(given.float).name} | {name} | {path.stat().st_size / 1e6:.3f} MB "
                  f"| {median:.3f} ms | {min(millis[name]):.3f} ms | {base / median:.2f} |")


if __name__ == "__main__":
    main()
