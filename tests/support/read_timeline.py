# SPDX-License-Identifier: Apache-2.0
"""Prints what OpenTimelineIO reads from files: read_timeline.py [ADAPTER RATE FILE]...

A JSON array with an element for each file: the name of the timeline, the items of its track of pictures, in frames, and its
tracks of sound, each with its items. RATE is for EDL, which does not say. Exit status 77: OpenTimelineIO cannot be used here.
"""
import json
import sys
import urllib.parse

try:
    import opentimelineio as otio
except ImportError as error:
    print(error, file=sys.stderr)
    sys.exit(77)


def plain(metadata):
    return json.loads(otio.core.serialize_json_to_string(metadata, indent=-1))


def item(child):
    source = child.source_range
    description = {
        "kind": type(child).__name__,
        "rate": source.duration.rate,
        "start": source.start_time.value,
        "duration": source.duration.value,
    }
    if isinstance(child, otio.schema.Clip):
        media = child.media_reference
        description["name"] = child.name
        description["url"] = getattr(media, "target_url", None)
        description["media"] = type(media).__name__
        description["metadata"] = plain(child.metadata)
        if media.available_range:
            description["media_frames"] = media.available_range.duration.value
            description["media_start"] = media.available_range.start_time.value
        if isinstance(media, otio.schema.ImageSequenceReference):
            count = media.number_of_images_in_sequence()
            urls = [media.target_url_for_image_number(image) for image in range(count)]
            description["images"] = [urllib.parse.unquote(urllib.parse.urlparse(url).path) for url in urls]
            description["first_image"] = media.frame_for_time(source.start_time)
    return description


def read(adapter, rate, file):
    arguments = {"rate": float(rate)} if adapter == "cmx_3600" else {}
    found = otio.adapters.read_from_file(file, adapter_name=adapter, **arguments)
    timeline = found[0] if isinstance(found, otio.schema.SerializableCollection) else found
    pictures = timeline.video_tracks()
    assert len(pictures) <= 1, "one track of pictures"
    start = timeline.global_start_time.value if timeline.global_start_time else 0
    return {
        "name": timeline.name,
        "global_start": start,
        "items": [item(child) for track in pictures for child in track],
        "audio": [
            {"name": track.name, "metadata": plain(track.metadata), "items": [item(child) for child in track]}
            for track in timeline.audio_tracks()
        ],
    }


arguments = sys.argv[1:]
json.dump([read(*arguments[at : at + 3]) for at in range(0, len(arguments), 3)], sys.stdout)
