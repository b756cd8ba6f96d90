# SPDX-License-Identifier: Apache-2.0
"""The clips of videos as JSON, a line each: clips.py VIDEO..."""

import json
import sys

import transnet


def main() -> int:
    extractor = transnet.ClipExtractor(min_length_s=0.5, max_length_mode="stride")
    extractor.setup_on_node()  # downloads the weights, once a machine
    status = 0
    for video in sys.argv[1:]:
        try:
            result = extractor.extract(video)
        except transnet.Error as error:
            print(f"{error.code}: {error}", file=sys.stderr)
            status = 1
            continue
        for clip in result.clips:
            seconds: float = clip.end_s - clip.start_s
            print(json.dumps({**clip.to_dict(), "seconds": seconds}))
    return status


if __name__ == "__main__":
    sys.exit(main())
