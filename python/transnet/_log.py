# SPDX-License-Identifier: Apache-2.0
"""Messages of the library in Python's logging, under the name ``transnet``."""

import logging

_LOGGER = logging.getLogger("transnet")
# Without a handler of the program, nothing is printed.
_LOGGER.addHandler(logging.NullHandler())


def log(is_warning: bool, message: str) -> None:
    _LOGGER.log(logging.WARNING if is_warning else logging.INFO, "%s", message)
