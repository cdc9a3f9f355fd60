"""Fewbit and onnxruntime.quantization side by side, in one run, in the same ONNX Runtime.

Started by compare-python.sh, which finds the model; see `--help` for what else it takes. Prints
Markdown tables on standard output and talks on standard error. What cannot be measured, because a
package or a file is missing or a model does not load, is listed at the end.

Nothing heavy is imported before all quantizations are measured: the peak memory that the system
reports for a child process is never below that of its parent at the moment it was started.
"""

import argparse
import importlib.util
import json
import math
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent

DYNAMIC = """
import sys
from onnxruntime.quantization import QuantType, quantize_dynamic
quantize_dynamic(sys.argv[1], sys.argv[2], per_channel={per_channel}, weight_type=QuantType.QInt8)
"""

NBITS = """
import sys
import onnx
import onnx.version_converter
from onnxruntime.quantization import QuantFormat
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
model = onnx.load(sys.argv[1])
if {raise_first}:
    model = onnx.version_converter.convert_version(model, 21)
quantizer = MatMulNBitsQuantizer(
    model, bits=4, block_size=32, is_symmetric=False,
    accuracy_level={level}, quant_format=QuantFormat.{format})
quantizer.process()
onnx.save(quantizer.model.model, sys.argv[2])
"""


@dataclass
class Maker:
    """One way to make a quantized model of a float one: a command without its two files."""

    name: str
    command: callable
    needs: tuple = ()
    seconds: list = field(default_factory=list)
    peak_bytes: int = 0


def tool(name, script, *needs):
    def command(source, target):
        return [sys.executable, "-W", "ignore", "-c", script, str(source), str(target)]

    return Maker("tool: " + name, command, needs)


def nbits(layout, level=None, raise_first=False):
    """The tool's 4-bit weights. Level 4 rounds activations to 8 bits, as Fewbit's recipes do. The
    QDQ layout needs operator set 21, which the tool does not see to by itself."""
    name = f"4 bits, block 32, {layout}"
    name += f", level {level}" if level else ""
    name += ", operator set raised by hand" if raise_first else ""
    return tool(name, NBITS.format(level=level, format=layout, raise_first=raise_first), "onnx_ir")


def ours(fewbit, recipe):
    def command(source, target):
        return [str(fewbit), "quantize", str(source), "-o", str(target), "--recipe", recipe]

    return Maker("fewbit: " + recipe, command)


def makers(fewbit):
    """All ways, the two of the headline figure first so that they run right after each other."""
    return [
        tool("dynamic int8 per channel", DYNAMIC.format(per_channel=True)),
        ours(fewbit, "int8-dynamic"),
        tool("dynamic int8 per tensor", DYNAMIC.format(per_channel=False)),
        ours(fewbit, "int8-weights"),
        nbits("QOperator"),
        nbits("QOperator", level=4),
        nbits("QDQ"),
        nbits("QDQ", raise_first=True),
        ours(fewbit, "int4-weights"),
        ours(fewbit, "int2-weights"),
    ]


class Missing:
    """What was left out, and why; printed at the end."""

    def __init__(self):
        self.notes = []

    def note(self, what, why):
        line = f"{what}: {why}"
        if line not in self.notes:
            self.notes.append(line)
        say("left out: " + line)

    def print(self):
        if self.notes:
            print("\nLeft out:\n")
            for line in self.notes:
                print("- " + line)


def lacking(names):
    """Those of the packages that cannot be imported. A mere folder of that name in the current one,
    such as this project's `onnx`, is found as a package without a file; it does not count."""
    found = {name: importlib.util.find_spec(name) for name in names}
    return [name for name, spec in found.items() if spec is None or spec.origin is None]


def say(text):
    print(text, file=sys.stderr, flush=True)


# --- Quantizing ---------------------------------------------------------------------------------


def run_measured(command, log):
    """Exit code, wall time in seconds, and peak resident bytes of a process and its children."""
    with open(log, "wb") as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 if platform.system() == "Darwin" else 1024
    return process.returncode, seconds, usage.ru_maxrss * unit


def last_line(log):
    lines = Path(log).read_text(errors="replace").strip().splitlines()
    return lines[-1].strip()[:200] if lines else "it said nothing"


def size_of(model):
    """Bytes of a model and of the data file beside it, if there is one."""
    data = model.with_name(model.name + ".data")
    return model.stat().st_size + (data.stat().st_size if data.exists() else 0)


def quantize_all(source, folder, ways, runs, missing):
    """Runs every way `runs` times, in turn; returns the models by the name of the way."""
    models = {}
    usable = []
    for way in ways:
        absent = lacking(way.needs)
        if absent:
            missing.note(way.name, "needs the Python package " + ", ".join(absent))
        else:
            usable.append(way)
    for run in range(runs + 1):
        # The first round warms the caches of files, and of compiled Python code; it does not count.
        say(f"{source.name}: quantizing, " + (f"run {run} of {runs}" if run else "warm-up"))
        for number, way in enumerate(list(usable)):
            target = folder / f"{source.stem}-{ways.index(way)}.onnx"
            for old in (target, target.with_name(target.name + ".data")):
                old.unlink(missing_ok=True)
            log = folder / "log.txt"
            code, seconds, peak = run_measured(way.command(source, target), log)
            if code != 0 or not target.exists():
                missing.note(f"{way.name} of {source.name}", f"exit code {code}: {last_line(log)}")
                usable.remove(way)
                models.pop(way.name, None)
                continue
            models[way.name] = target
            if run:
                way.seconds.append(seconds)
                way.peak_bytes = max(way.peak_bytes, peak)
    return {way.name: models[way.name] for way in ways if way.name in models}


# --- Running ------------------------------------------------------------------------------------


def open_session(model):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def open_all(models, missing):
    sessions = {}
    for name, model in models.items():
        try:
            sessions[name] = open_session(model)
        except Exception as failure:  # the runtime raises its own types, none of them public
            reason = str(failure).strip().splitlines()[0]
            reason = reason.replace(str(Path(model).parent) + os.sep, "")[:300]
            missing.note(f"{name} of {Path(model).stem.rsplit('-', 1)[0]}", "does not load: " + reason)
    return sessions


def latencies(sessions, inputs, rounds, burst=4):
    """Median milliseconds of a run. The models take turns; in each turn a run that is not timed
    brings a model's weights back into the caches, and `burst` timed ones follow."""
    times = {name: [] for name in sessions}
    names = list(sessions)
    for round_ in range(rounds):
        first = round_ % len(names)
        for name in names[first:] + names[:first]:
            session = sessions[name]
            feed = {i.name: inputs[i.name] for i in session.get_inputs()}
            session.run(None, feed)
            for _ in range(burst):
                start = time.perf_counter()
                session.run(None, feed)
                times[name].append((time.perf_counter() - start) * 1e3)
    return {name: statistics.median(values) for name, values in times.items()}


def ranks(values):
    """Ranks from 1, equal values sharing the mean of theirs."""
    import numpy

    _, place, count = numpy.unique(numpy.asarray(values), return_inverse=True, return_counts=True)
    last = numpy.cumsum(count)
    return (last - (count - 1) / 2)[place]


def spearman(left, right):
    import numpy

    return float(numpy.corrcoef(ranks(left), ranks(right))[0, 1])


# --- Sentence embeddings ------------------------------------------------------------------------


def token_inputs(ids):
    import numpy

    row = numpy.array([ids], dtype=numpy.int64)
    return {"input_ids": row, "attention_mask": numpy.ones_like(row), "token_type_ids": numpy.zeros_like(row)}


def embed(session, ids):
    """Mean of the token vectors, of length 1."""
    feed = token_inputs(ids)
    hidden = session.run(None, {i.name: feed[i.name] for i in session.get_inputs()})[0][0]
    mean = hidden.mean(axis=0)
    return mean / math.sqrt(float((mean * mean).sum()))


def embed_all(session, pairs):
    """Embeddings of every sentence, one at a time: no padding, so no model gets an advantage."""
    known = {}
    for pair in pairs:
        for ids in (pair["a"], pair["b"]):
            if tuple(ids) not in known:
                known[tuple(ids)] = embed(session, ids)
    return known


def quality(sessions, pairs):
    """Mean and least cosine to the float model's embeddings, and Spearman's rank correlation."""
    results = {}
    scores = [pair["score"] for pair in pairs]
    reference = None
    for name, session in sessions.items():
        say(f"embedding with {name}")
        vectors = embed_all(session, pairs)
        reference = reference or vectors
        cosines = [float(reference[ids] @ vector) for ids, vector in vectors.items()]
        near = [float(vectors[tuple(p["a"])] @ vectors[tuple(p["b"])]) for p in pairs]
        results[name] = (statistics.fmean(cosines), min(cosines), spearman(near, scores))
    return results


def read_pairs(path, limit, missing):
    if not path or not path.is_file():
        missing.note("cosines and Spearman on STS-B", f"there is no file {path}; give one with --data")
        return []
    with open(path, encoding="utf-8") as lines:
        pairs = [json.loads(line) for line in lines if line.strip()]
    return pairs[:limit] if limit else pairs


# --- Tables -------------------------------------------------------------------------------------


def table(header, rows):
    print("| " + " | ".join(header) + " |")
    print("|" + "---|" * len(header))
    for row in rows:
        print("| " + " | ".join(row) + " |")


def megabytes(count):
    return f"{count / 1e6:.2f} MB"


def making(ways, name):
    """Median wall time and peak memory of the way with a name, for a table."""
    for way in ways:
        if way.name == name and way.seconds:
            return [f"{statistics.median(way.seconds):.2f} s", f"{way.peak_bytes / 1e6:.0f} MB"]
    return ["", ""]


def embedding_report(model, ways, models, options, missing):
    lengths = (8, 32, 128)
    sessions = open_all(models, missing)
    pairs = read_pairs(options.data, options.pairs, missing)
    found = quality(sessions, pairs) if pairs else {}
    words = [i for p in pairs for i in p["a"] if 999 < i < 30000] or list(range(2000, 2200))
    times = []
    for length in lengths:
        say(f"latency at {length} tokens")
        ids = [101] + (words * (length // len(words) + 1))[: length - 2] + [102]
        times.append(latencies(sessions, token_inputs(ids), options.rounds))
    print(f"\n## {model.name}\n")
    if pairs:
        print(f"Cosine to the float model and Spearman on {len(pairs)} pairs of {options.data.name}.\n")
    header = ["model", "quantizing", "peak memory", "file", "cosine, mean", "cosine, least", "Spearman"]
    header += [f"ms at {length}" for length in lengths]
    rows = []
    for name in sessions:
        figures = found.get(name)
        rows.append(
            [name, *making(ways, name), megabytes(size_of(models[name]))]
            + ([f"{figures[0]:.5f}", f"{figures[1]:.5f}", f"{figures[2]:.4f}"] if figures else ["", "", ""])
            + [f"{per_length[name]:.2f}" for per_length in times])
    table(header, rows)


# --- Other models -------------------------------------------------------------------------------


def perplexity(session, rows):
    import numpy

    name = session.get_inputs()[0].name
    total, count = 0.0, 0
    for row in rows:
        logits = session.run(None, {name: numpy.array([row], dtype=numpy.int64)})[0][0, :-1].astype(numpy.float64)
        logits -= logits.max(axis=1, keepdims=True)
        chosen = logits[numpy.arange(len(row) - 1), row[1:]]
        total += float((numpy.log(numpy.exp(logits).sum(axis=1)) - chosen).sum())
        count += len(row) - 1
    return math.exp(total / count)


def stories_report(model, ways, models, options, missing):
    import numpy

    rows_file = model.with_name("eval_rows.json")
    if not rows_file.is_file():
        missing.note(model.name, f"there is no {rows_file.name} beside it")
        return
    texts = json.loads(rows_file.read_text())
    if options.pairs:
        texts = texts[: max(1, options.pairs // 20)]
    sessions = open_all(models, missing)
    found = {}
    for name, session in sessions.items():
        found[name] = perplexity(session, texts)
    feed = {next(iter(sessions.values())).get_inputs()[0].name: numpy.array([texts[0][:128]], dtype=numpy.int64)}
    times = latencies(sessions, feed, options.rounds)
    print(f"\n## {model.name}\n\nPerplexity over {len(texts)} rows; latency at {len(texts[0][:128])} tokens.\n")
    table(
        ["model", "quantizing", "peak memory", "file", "perplexity", "times float", "ms"],
        [[name, *making(ways, name), megabytes(size_of(models[name])), f"{found[name]:.3f}",
          f"{found[name] / found['float']:.4f}", f"{times[name]:.3f}"] for name in sessions])


def vision_report(model, ways, models, options, missing):
    import numpy

    sessions = open_all(models, missing)
    port = sessions["float"].get_inputs()[0]
    shape = [size if isinstance(size, int) else 1 for size in port.shape]
    noise = numpy.random.default_rng(0).standard_normal(shape, dtype=numpy.float32)
    expected = sessions["float"].run(None, {port.name: noise})[0].ravel().astype(numpy.float64)
    cosines = {}
    for name, session in sessions.items():
        got = session.run(None, {port.name: noise})[0].ravel().astype(numpy.float64)
        cosines[name] = float(expected @ got / numpy.sqrt((expected @ expected) * (got @ got)))
    times = latencies(sessions, {port.name: noise}, options.rounds)
    print(f"\n## {model.name}\n\nCosine of the output on one random input of shape {shape}; latency on the same.\n")
    table(
        ["model", "quantizing", "peak memory", "file", "cosine", "ms"],
        [[name, *making(ways, name), megabytes(size_of(models[name])), f"{cosines[name]:.5f}",
          f"{times[name]:.3f}"] for name in sessions])


# --- Going through it ---------------------------------------------------------------------------


def positive(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be 1 or more, got {text}")
    return number


def parse(arguments):
    parser = argparse.ArgumentParser(description="Fewbit and onnxruntime.quantization side by side.")
    parser.add_argument("--model", type=Path, help="the MiniLM model; compare-python.sh sees to it")
    parser.add_argument("--check", action="store_true", help="only see whether the packages are there")
    parser.add_argument("--fewbit", type=Path, default=HERE.parent / "fewbit")
    parser.add_argument("--data", type=Path, default=HERE.parent.parent / "shared/data/stsb/stsb-en-dev-bertids.jsonl",
                        help="sentence pairs, one object a line: {a: [ids], b: [ids], score}")
    parser.add_argument("--stories", type=Path, help="stories260k.onnx, with eval_rows.json beside it")
    parser.add_argument("--vision", type=Path, action="append", default=[],
                        help="an image model with one input; may be given several times")
    parser.add_argument("--runs", type=positive, default=5, help="counted quantizations of MiniLM by each way")
    parser.add_argument("--small-runs", type=positive, default=3, help="the same for the other models")
    parser.add_argument("--rounds", type=positive, default=60, help="turns of each model for latencies")
    parser.add_argument("--pairs", type=int, default=0, help="use only the first so many pairs; 0: all")
    parser.add_argument("--work", type=Path, help="keep the models in this folder")
    return parser.parse_args(arguments)


def require_tool():
    absent = lacking(("numpy", "onnx", "onnxruntime"))
    if absent:
        sys.exit(f"{sys.executable} lacks the package {', '.join(absent)}.\n"
                 f"  {sys.executable} -m pip install numpy onnx onnxruntime onnx_ir\n"
                 "  or set PYTHON to one that has them.")


def processor():
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def describe(options):
    from importlib.metadata import version

    print("# Fewbit and onnxruntime.quantization side by side\n")
    print(f"{processor()}, {os.cpu_count()} processors, {platform.system()} {platform.release()}; "
          f"ONNX Runtime {version('onnxruntime')} for all, one thread; Python {platform.python_version()}.")
    print(f"Quantizing: the whole process, median of {options.runs} runs in turn after a round to warm up "
          f"({options.small_runs} for the other models), and the largest peak resident memory. "
          f"Latency: median of {options.rounds * 4} runs, the models taking turns.")


def wanted(options, missing):
    """Every model to go through: its file, what to report, how often to quantize it."""
    if not options.stories:
        missing.note("perplexity of stories260k", "give the model with --stories")
    if not options.vision:
        missing.note("image models", "give them with --vision")
    found = [(options.model, embedding_report, options.runs)]
    found += [(options.stories, stories_report, options.small_runs)] if options.stories else []
    found += [(path, vision_report, options.small_runs) for path in options.vision]
    for path, _, _ in found:
        if not path.is_file():
            missing.note(str(path), "there is no such file")
    return [entry for entry in found if entry[0].is_file()]


def main(arguments):
    options = parse(arguments)
    require_tool()
    if options.check:
        return
    if not options.model or not options.model.is_file():
        sys.exit(f"there is no model {options.model}; bench/compare-python.sh fetches it")
    missing = Missing()
    folder = options.work or Path(tempfile.mkdtemp(prefix="fewbit-compare."))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        describe(options)
        reports = []
        for model, report, runs in wanted(options, missing):
            ways = makers(options.fewbit)
            made = quantize_all(model, folder, ways, runs, missing)
            reports.append((report, model, ways, {"float": model, **made}))
        # The heavy imports begin here.
        for report, model, ways, models in reports:
            report(model, ways, models, options, missing)
        missing.print()
    finally:
        if not options.work:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1:])
