#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs Python with the package of a build, or, if TRANSNET_TEST_PYTHON is set, that Python, which has an installed one:
#   run.sh FOLDER_OF_THE_BUILT_PACKAGE PYTHON ARGUMENT...
export PYTHONPATH="$1"
python=$2
shift 2
if [ -n "${TRANSNET_TEST_PYTHON:-}" ]; then
  unset PYTHONPATH
  python=$TRANSNET_TEST_PYTHON
fi
exec "$python" "$@"
