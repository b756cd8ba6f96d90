# SPDX-License-Identifier: Apache-2.0
"""The network alone: every runtime keeps it loaded and runs the same windows of 100 frames."""

from __future__ import annotations

import json
from array import array
from contextlib import ExitStack, closing
from pathlib import Path

from . import environments, videos
from .processes import Failed, Worker, environment
from .rounds import Experiment, Sample, interleave
from .settings import Settings

TOLERANCE = {"fp32": 1e-4, "bf16": 0.05}
THRESHOLD = 0.4
GFLOP_A_WINDOW = 82  # of the published network as it is written, a multiplication and addition counted as two
EAGER, ONNX = "eager PyTorch", "ONNX Runtime"
# transnet's kernels, LibTorch's own, and oneDNN's in LibTorch and in OpenVINO.
AVX2 = {"TRANSNET_INSTRUCTION_SET": "avx2", "ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2"}


class Networks:
    """Starts the workers, all on the same frames."""

    def __init__(self, settings: Settings, frames: Path) -> None:
        self.settings = settings
        self.frames = frames
        self.python = environments.network_python(settings)
        self.onnx = environments.exported_model(settings, self.python)

    def transnet(self, precision: str, extra: dict[str, str] | None = None, weights: Path | None = None) -> Worker:
        program = self.settings.network_program()
        if not program.exists():
            raise Failed(f"{program} is missing: build with -DTRANSNET_BUILD_BENCHMARKS=ON")
        weights = weights or self.settings.weights
        return self._worker([program, weights, self.frames, precision, self.settings.threads], extra)

    def rival(self, runtime: str, extra: dict[str, str] | None = None) -> Worker:
        script = Path(__file__).with_name("network_worker.py")
        model = self.settings.weights if runtime in ("eager", "gemm") else self.onnx
        return self._worker([self.python, script, runtime, model, self.frames, self.settings.threads], extra)

    def _worker(self, command: list, extra: dict[str, str] | None) -> Worker:
        env = environment(self.settings.threads, extra)
        return Worker([str(part) for part in command], self.settings.log, env)


def runtimes(settings: Settings, networks: Networks) -> dict[str, tuple]:
    """Name -> how to start it, and the precision of its answers."""
    found = {EAGER: (lambda: networks.rival("eager"), "fp32")}
    if "onnxruntime" in settings.rivals:
        found[ONNX] = (lambda: networks.rival("onnxruntime"), "fp32")
    if "openvino" in settings.rivals:
        found["OpenVINO fp32"] = (lambda: networks.rival("openvino-fp32"), "fp32")
        found["OpenVINO bf16"] = (lambda: networks.rival("openvino-bf16"), "bf16")
    for precision in ("fp32", "auto", "bf16"):
        tolerance = "fp32" if precision == "fp32" else "bf16"
        found[f"transnet {precision}"] = (lambda precision=precision: networks.transnet(precision), tolerance)
    return found


def _answers(worker: Worker, file: Path) -> array:
    worker.ask(f"answers {file}")
    values = array("f")
    values.frombytes(file.read_bytes())
    return values


def scenes_of(probabilities: list[float]) -> list[list[int]]:
    """The rule of the reference, at the stage's default threshold."""
    scenes, start, previous = [], 0, False
    for frame, probability in enumerate(probabilities):
        current = probability > THRESHOLD
        if previous and not current:
            start = frame
        if current and not previous and frame != 0:
            scenes.append([start, frame])
        previous = current
    if scenes and not previous:
        scenes.append([start, len(probabilities) - 1])
    return scenes or [[0, len(probabilities)]]


def _kept(answers: array) -> list[float]:
    """The first head: the 50 frames in the middle of every window, joined."""
    return [value for first in range(0, len(answers) // 2, 100) for value in answers[first + 25:first + 75]]


def check_answers(settings: Settings, workers: dict[str, Worker], tolerances: dict[str, str],
                  truth: array) -> list[str]:
    """Stops the run where a runtime does not answer as eager PyTorch does."""
    notes, file = [], settings.scratch / "answers.bin"
    for name, worker in workers.items():
        answers = _answers(worker, file)
        if len(answers) != len(truth):
            raise Failed(f"{name} answered with {len(answers)} values, not {len(truth)}")
        differences = [abs(mine - theirs) for mine, theirs in zip(answers, truth, strict=True)]
        limit = TOLERANCE[tolerances[name]]
        if not all(difference <= limit for difference in differences):  # as NaN is not
            raise Failed(f"{name} is {max(differences):.2g} off eager PyTorch, {limit} is allowed")
        notes.append(f"{name}: largest difference of a probability from eager PyTorch {max(differences):.1e}")
        if name.startswith("transnet"):
            same = worker.ask("scenes")["scenes"] == scenes_of(_kept(truth))
            if not same and "bf16" not in name:
                raise Failed(f"{name} finds other scenes than eager PyTorch")
            notes[-1] += ", the same scenes" if same else ", other scenes"
    return notes


def _timer(worker: Worker):
    return lambda: Sample(worker.ask("time")["seconds"])


def _gemm(worker: Worker, dtype: str):
    return lambda: Sample(0.0, gflops=worker.ask(f"gemm {dtype}")["gflops"])


def _frames(settings: Settings) -> Path:
    video = environments.video_160x90(settings, environments.network_python(settings))
    return videos.raw_frames(settings, video, settings.windows * 50)


def measure(settings: Settings) -> Experiment:
    networks = Networks(settings, _frames(settings))
    with ExitStack() as stack:
        workers, tolerances, notes = {}, {}, []
        for name, (start, tolerance) in runtimes(settings, networks).items():
            worker = start()
            if worker.unsupported:
                notes.append(f"{name} was left out: {worker.unsupported}")
                continue
            workers[name], tolerances[name] = stack.enter_context(closing(worker)), tolerance
        truth = _answers(workers[EAGER], settings.scratch / "truth.bin")
        to_check = {name: worker for name, worker in workers.items() if name != EAGER}
        notes += check_answers(settings, to_check, tolerances, truth)
        contestants = {name: _timer(worker) for name, worker in workers.items()}
        if "eager" not in settings.rivals:
            del contestants[EAGER]
        gemm = stack.enter_context(closing(networks.rival("gemm")))
        contestants |= {f"GEMM {dtype}": _gemm(gemm, dtype) for dtype in ("fp32", "bf16")}
        samples = interleave(contestants, settings.rounds)
    return Experiment("network", "The network alone", settings.windows * 50, samples, notes)


def measure_autoshot(settings: Settings) -> Experiment:
    """Both networks in transnet. The tests compare AutoShot's answers with its published code."""
    networks = Networks(settings, _frames(settings))
    weights = {"TransNetV2": settings.weights, "AutoShot": settings.autoshot_weights}
    notes = ["Both networks run in transnet, on the same frames."]
    with ExitStack() as stack:
        contestants, exact = {}, {}
        for precision in ("fp32", "bf16", "auto"):
            for name, file in weights.items():
                worker = networks.transnet(precision, weights=file)
                if worker.unsupported:
                    notes.append(f"{name} {precision} was left out: {worker.unsupported}")
                    continue
                contestants[f"{name} {precision}"] = _timer(stack.enter_context(closing(worker)))
                answers = _answers(worker, settings.scratch / "answers.bin")
                difference = max(abs(a - b) for a, b in zip(answers, exact.setdefault(name, answers), strict=True))
                if not difference <= TOLERANCE["bf16"]:
                    raise Failed(f"{name} {precision} is {difference:.2g} off its own fp32")
        samples = interleave(contestants, settings.rounds)
    return Experiment("autoshot", "AutoShot beside TransNetV2", settings.windows * 50, samples, notes)


def measure_avx2(settings: Settings) -> Experiment:
    networks = Networks(settings, _frames(settings))
    starts = {"transnet fp32 (AVX2)": lambda: networks.transnet("fp32", AVX2)}
    if "openvino" in settings.rivals:
        starts["OpenVINO fp32 (AVX2)"] = lambda: networks.rival("openvino-fp32", AVX2)
    with ExitStack() as stack:
        eager = stack.enter_context(closing(networks.rival("eager")))
        truth = _answers(eager, settings.scratch / "truth.bin")
        workers = {name: stack.enter_context(closing(start())) for name, start in starts.items()}
        for name, worker in workers.items():
            wide = [kernel for kernel in worker.facts.get("kernels", [])
                    if "avx512" in kernel and ("conv" in kernel or "gemm" in kernel)]
            if wide:
                raise Failed(f"{name} was not held to AVX2: it uses {json.dumps(wide)}")
        notes = ["Held by " + ", ".join(f"`{key}={value}`" for key, value in AVX2.items())
                 + "; OpenVINO's list of the kernels that it chose names no wider convolution or matrix product."]
        # Held so, OpenVINO 2026.4 is up to 0.005 off: its own doing, shown in the notes.
        tolerances = {name: "bf16" if name.startswith("OpenVINO") else "fp32" for name in workers}
        notes += check_answers(settings, workers, tolerances, truth)
        samples = interleave({name: _timer(worker) for name, worker in workers.items()}, settings.rounds)
    return Experiment("avx2", "The network alone, held to AVX2", settings.windows * 50, samples, notes)


def measure_startup(settings: Settings) -> Experiment:
    video = environments.video_160x90(settings, environments.network_python(settings))
    networks = Networks(settings, videos.raw_frames(settings, video, 50))

    def first_window(start):
        def run() -> Sample:
            with closing(start()) as worker:
                return Sample(worker.seconds_to_first_window)
        return run

    contestants, notes = {}, ["Files are in the page cache: the first start after a boot takes longer."]
    for name, (start, _) in runtimes(settings, networks).items():
        with closing(start()) as worker:
            if worker.unsupported:
                notes.append(f"{name} was left out: {worker.unsupported}")
                continue
        contestants[name] = first_window(start)
    if "eager" not in settings.rivals:
        del contestants[EAGER]
    samples = interleave(contestants, settings.rounds)
    return Experiment("startup", "From the start of the process to the first window's answer", 50, samples, notes)
