# SPDX-License-Identifier: Apache-2.0
"""The argument ``progress`` of functions that take long."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

#: Called with the finished and the expected number; the second is 0 if it is not known.
ProgressFunction = Callable[[int, int], object]
Progress = ProgressFunction | bool | None


@contextlib.contextmanager
def reporting(progress: Progress, unit: str) -> Iterator[ProgressFunction | None]:
    """Gives the function to call: the caller's own, or for True one that moves a bar of tqdm."""
    if progress is None or progress is False:
        yield None
    elif progress is True:
        try:
            from tqdm.auto import tqdm
        except ImportError as error:
            raise ImportError("progress=True needs the package tqdm; progress can also be a function") from error
        with tqdm(unit=unit, unit_scale=unit == "B") as bar:
            yield lambda done, expected: _move(bar, done, expected)
    elif callable(progress):
        yield progress
    else:
        raise TypeError(f"progress must be a function, True, False or None, not {progress!r}")


def _move(bar: Any, done: int, expected: int) -> None:
    bar.total = expected or None
    bar.update(done - bar.n)
