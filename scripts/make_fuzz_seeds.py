#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes what the fuzzers start from: small whole inputs of every kind, none of them anybody else's.

    scripts/make_fuzz_seeds.py DIR      writes DIR/decoder, DIR/cut, DIR/pickle, DIR/archive, DIR/predictions, DIR/labels,
                                        DIR/shot_lists, DIR/decisions

Needs the ffmpeg command. The inputs that fuzzing made of them are in fuzz/corpus/; `scripts/fuzz.sh --minimise` puts them there.
"""

import collections
import io
import json
import pathlib
import pickle
import random
import struct
import subprocess
import sys
import types
import zipfile
import zlib

PICTURE = "testsrc2=size=32x32:rate=25,trim=end_frame=6"
# x264 and x265 write their names and settings into the stream: it is taken out again.
WITHOUT_SETTINGS = ["-bsf:v", "filter_units=remove_types=6"]
UNEVEN = "settb=1/1000,setpts='N*40+mod(N*N,7)*9'"
VIDEOS = {
    "b_frames.mp4": ["-c:v", "libx264", "-bf", "2", "-g", "4", *WITHOUT_SETTINGS],
    "fragments.mp4": ["-c:v", "libx264", "-g", "2", *WITHOUT_SETTINGS, "-movflags", "frag_keyframe+empty_moov"],
    "edit_list.mp4": ["-c:v", "mpeg4", "-bf", "1", "-output_ts_offset", "1.5"],
    "bare.h264": ["-c:v", "libx264", *WITHOUT_SETTINGS],
    "uneven.mkv": ["-c:v", "mpeg4", "-vf", UNEVEN, "-vsync", "passthrough", "-enc_time_base", "1:1000"],
    "vp8.webm": ["-c:v", "libvpx", "-deadline", "realtime"],
    "mpeg2.ts": ["-c:v", "mpeg2video", "-bf", "2"],
    "late.ts": ["-c:v", "mpeg2video", "-output_ts_offset", "95440"],  # shortly before its clock wraps
    "program.mpg": ["-c:v", "mpeg1video"],
    "jpeg.avi": ["-c:v", "mjpeg"],
    "video.flv": ["-c:v", "flv"],
    "picture.gif": [],
    "picture.png": ["-frames:v", "1"],
    "fields.mov": ["-c:v", "qtrle"],
    "lossless.nut": ["-c:v", "ffv1"],
    "raw.y4m": ["-pix_fmt", "gray", "-frames:v", "2"],
}


def write(folder, contents):
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in contents.items():
        (folder / name).write_bytes(data)


def cut_seeds(folder):
    """The first byte chooses mode and container."""
    folder.mkdir(parents=True, exist_ok=True)
    sound = ["-f", "lavfi", "-i", "sine=duration=0.24:sample_rate=8000"]
    coded = ["-pix_fmt", "yuv420p", "-c:v", "libx264", "-g", "3", "-bf", "1", *WITHOUT_SETTINGS]
    joined = []
    for number, (name, options) in enumerate({
        "sound.mkv": [*sound, *coded, "-c:a", "pcm_s16le"],
        "sound.mp4": [*sound, *coded, "-c:a", "aac"],
        "hevc.mkv": ["-pix_fmt", "yuv420p", "-c:v", "libx265", "-x265-params", "keyint=3:info=0:log-level=0"],
        "first.ts": [*coded],
        "second.ts": [*sound, *coded, "-c:a", "mp2", "-ar", "16000", "-output_ts_offset", "5000"],
    }.items()):
        file = folder / name
        words = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", PICTURE]
        subprocess.run([*words, *options, "-fflags", "+bitexact", "-flags", "+bitexact", file], check=True)
        for mode in range(3):
            (folder / f"{mode}-{name}").write_bytes(bytes([mode + 3 * (number % 3)]) + file.read_bytes())
        if name.endswith(".ts"):
            joined.append(file.read_bytes())
        file.unlink()
    for mode in range(3):
        (folder / f"{mode}-joined.ts").write_bytes(bytes([mode]) + b"".join(joined))


def decoder_seeds(folder):
    """The first byte chooses the timing."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, (name, options) in enumerate(VIDEOS.items()):
        file = folder / name
        words = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", PICTURE, "-pix_fmt", "yuv420p"]
        if name in ("picture.gif", "picture.png", "fields.mov", "jpeg.avi"):
            words = words[:-2]
        subprocess.run([*words, "-fflags", "+bitexact", "-flags:v", "+bitexact", *options, file], check=True)
        file.write_bytes(bytes([number % 2]) + file.read_bytes())
    turned = folder / "turned.mov"
    whole = folder / "whole.mov"
    source = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", PICTURE]
    subprocess.run([*source, "-fflags", "+bitexact", "-c:v", "mpeg4", whole], check=True)
    subprocess.run([*source[:5], "-i", whole, "-c", "copy", "-metadata:s:v", "rotate=90", turned], check=True)
    turned.write_bytes(b"\0" + turned.read_bytes())
    whole.unlink()


class Storage:
    def __init__(self, kind, record, items):
        self.id = ("storage", kind, record, "cpu", items)


class Tensor:
    def __init__(self, rebuild, *arguments):
        self.rebuild = rebuild
        self.arguments = arguments

    def __reduce__(self):
        return self.rebuild, self.arguments


class StateDictPickler(pickle.Pickler):
    """Writes as torch.save does."""

    def persistent_id(self, obj):
        return obj.id if isinstance(obj, Storage) else None


def torch_names():
    """What stands for PyTorch's own classes, of which a pickle holds the names alone."""
    torch = types.ModuleType("torch")
    utils = types.ModuleType("torch._utils")

    def _rebuild_tensor_v2():
        pass

    _rebuild_tensor_v2.__module__ = "torch._utils"
    _rebuild_tensor_v2.__qualname__ = "_rebuild_tensor_v2"
    utils._rebuild_tensor_v2 = _rebuild_tensor_v2
    for name in ("FloatStorage", "LongStorage", "HalfStorage"):
        setattr(torch, name, type(name, (), {"__module__": "torch"}))
    torch._utils = utils
    sys.modules |= {"torch": torch, "torch._utils": utils}
    return torch


def state_dict(tensors, attributes=False):
    """`tensors`: name -> (storage class, record, offset, sizes, strides)"""
    torch = torch_names()
    content = collections.OrderedDict()
    for name, (kind, record, offset, sizes, strides) in tensors.items():
        items = offset + (sum((size - 1) * stride for size, stride in zip(sizes, strides, strict=True)) + 1 if sizes else 1)
        storage = Storage(getattr(torch, kind), record, items)
        content[name] = Tensor(torch._utils._rebuild_tensor_v2, storage, offset, sizes, strides, False,
                               collections.OrderedDict())
    if attributes:
        content._metadata = collections.OrderedDict([("", {"version": 1})])
    stream = io.BytesIO()
    StateDictPickler(stream, protocol=2).dump(content)
    return stream.getvalue()


WANTED = ("FloatStorage", "0", 0, (2, 3), (3, 1))  # what archive_fuzzer asks for, as tensor "a"


def pickle_seeds():
    return {
        "empty.pkl": state_dict({}),
        "one.pkl": state_dict({"a": WANTED}),
        "attributes.pkl": state_dict({"layer.weight": WANTED, "layer.bias": ("FloatStorage", "1", 0, (2,), (1,))}, True),
        "scalar.pkl": state_dict({"count": ("LongStorage", "2", 0, (), ())}),
        "part.pkl": state_dict({"half": ("HalfStorage", "3", 70000, (4, 1, 2), (2, 2, 1))}),
        "code.pkl": pickle.dumps(collections.Counter("ab"), protocol=2),
        "other_protocol.pkl": pickle.dumps({"a": [1, 2.5, None, b"x"]}, protocol=4),
    }


def archive(records, compression=zipfile.ZIP_STORED, top="archive/"):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as file:
        for name, data in records.items():
            file.writestr(zipfile.ZipInfo(top + name, (1980, 1, 1, 0, 0, 0)), data, compression)
    return stream.getvalue()


def saved_archive(records, top="archive/"):
    """As torch.save writes it: sizes behind the records, which begin at multiples of 64, and ends of the format zip64."""
    out, directory = b"", b""
    for name, data in records.items():
        path = (top + name).encode()
        fill = -(len(out) + 34 + len(path)) % 64
        extra = b"FB" + struct.pack("<H", fill) + b"Z" * fill
        sums = struct.pack("<III", zlib.crc32(data), len(data), len(data))
        place = struct.pack("<HHHII", 0, 0, 0, 0, len(out))
        directory += b"PK\x01\x02" + struct.pack("<HHHHHH", 0, 0, 0x808, 0, 0, 0) + sums
        directory += struct.pack("<HH", len(path), 0) + place + path
        out += b"PK\x03\x04" + struct.pack("<HHHHHIIIHH", 0, 0x808, 0, 0, 0, 0, 0, 0, len(path), len(extra))
        out += path + extra + data + b"PK\x07\x08" + sums
    count, size, start = len(records), len(directory), len(out)
    out += directory
    end = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 0x31E, 45, 0, 0, count, count, size, start)
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, len(out), 1)
    return out + end + locator + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, size, start, 0)


def archive_seeds():
    values = struct.pack("<6f", *range(6))
    whole = {"data.pkl": state_dict({"a": WANTED}), "byteorder": b"little", "data/0": values, "version": b"3\n"}
    other = state_dict({"a": ("FloatStorage", "0", 0, (3, 2), (2, 1))})
    return {
        "whole.pth": archive(whole),
        "saved.pth": saved_archive(whole),
        "compressed.pth": archive(whole, zipfile.ZIP_DEFLATED),
        "big_endian.pth": archive(whole | {"byteorder": b"big"}),
        "without_tensor.pth": archive({"data.pkl": whole["data.pkl"], "version": b"3\n"}),
        "short_tensor.pth": archive(whole | {"data/0": values[:8]}),
        "other_shape.pth": archive(whole | {"data.pkl": other}),
        "other_folder.pth": archive(whole, top="weights.v2/"),
        "program.pt": archive({"data.pkl": whole["data.pkl"], "constants.pkl": b"\x80\x02).", "version": b"3\n"}),
    }


def predictions_seeds():
    return {
        "one_column.txt": b"0.1\n0.9\n1\n0\n",
        "two_columns.txt": b"0.000123 0.5\n1e-3\t0.25\n",
        "windows.txt": b"0.25 1\r\n0.5 0\r\n",
        "no_last_newline.txt": b"0.125",
        "not_a_number.txt": b"0.5\nnan\n",
        "too_large.txt": b"0.5\n1.5\n",
        "uneven.txt": b"0.5 0.5\n0.5\n",
        "table.csv": b"frame,time_s,single\n0,0.000000,0.1\n1,0.040000,0.9\n",
        "table_of_two_heads.csv": b"frame,time_s,single,many_hot\r\n0,0,0.25,1\r\n1,0.5,1e-3,0\r\n",
        "table_of_a_part.csv": b"frame,time_s,single\n7,0.28,0.1\n",
        "empty.txt": b"",
    }


def labels_seeds():
    """The first byte chooses the format; 0 leaves it to the content."""
    contents = {
        "truth.json": b'{"video": "a.mp4", "frames": 50, "framerate": 25, "transitions": ['
                      b'{"kind": "cut", "first": 9, "last": 10}, {"kind": "fade", "first": 20, "last": 30}], '
                      b'"uncertain": [{"first": 40, "last": 44}]}',
        "clipshots.json": b'{"a.mp4": {"transitions": [[9, 10], [20, 30], [31, 31]], "frame_num": 50.0}}',
        "clipshots_result.json": b'{"a.mp4": {"cut": [[9, 10]], "gradual": [[20, 30]]}}',
        "autoshot.txt": b"1.mp4 49\n9,10\n20,30\n\n2.mp4\n3,4,\n",
        "scenes.txt": b"0 9\n10 20\n30 49\n",
        "scenes.csv": b"Scene Number,Start Frame,End Frame,Video,UUID,Probability\n1,1,10,a,,\n2,11,20,a,,\n3,21,30,b,,0.5\n",
        "clips.json": b'{"schema": "transnet.clips/1", "video": "a.mp4", "status": "complete", "frame_count": 50,'
                      b' "transitions": [{"first_frame": 9, "last_frame": 9, "kind": "cut"}]}',
        "clips_2.json": b'{"schema": "transnet.clips/2", "video": "a.mp4", "status": "complete", "frame_count": 50,'
                        b' "transitions": [{"first_frame": 9, "last_frame": 9, "kind": "cut"}], "source": {"width": 64},'
                        b' "made_by": {"transnet": "0.1.0", "options": {"threshold": 0.4}, "elapsed_s": 0.1}}',
        "predictions.txt": b"0.1 0.2\n0.9 0.8\n",
    }
    formats = {"truth.json": 1, "clipshots.json": 2, "autoshot.txt": 3, "scenes.txt": 5, "scenes.csv": 6, "clips.json": 7}
    return {name: b"\0" + text for name, text in contents.items()} | {
        f"named_{name}": bytes([number]) + contents[name] for name, number in formats.items()}


def shot_lists_seeds():
    """The first byte chooses the format, csv, edl or otio, and the rate of the video."""

    def time(value, rate):
        return {"OTIO_SCHEMA": "RationalTime.1", "rate": rate, "value": value}

    def span(start, length, rate):
        return {"OTIO_SCHEMA": "TimeRange.1", "start_time": time(start, rate), "duration": time(length, rate)}

    def otio(rate):
        media = {"OTIO_SCHEMA": "ExternalReference.1", "target_url": "file:///v", "available_range": span(0, 200, rate)}
        clips = [
            {"OTIO_SCHEMA": "Clip.1", "source_range": span(0, 10, rate), "media_reference": media},
            {"OTIO_SCHEMA": "Gap.1", "source_range": span(0, 5, rate)},
            {"OTIO_SCHEMA": "Clip.2", "source_range": span(10, 20, rate), "media_references": {"DEFAULT_MEDIA": media},
             "active_media_reference_key": "DEFAULT_MEDIA"},
        ]
        track = {"OTIO_SCHEMA": "Track.1", "kind": "Video", "children": clips}
        stack = {"OTIO_SCHEMA": "Stack.1", "children": [track]}
        return json.dumps({"OTIO_SCHEMA": "Timeline.1", "tracks": stack}).encode()

    csv = b"Scene Number,Start Frame,End Frame,Video,Note\n1,1,10,v,\"a, b\"\n2,11,20,v,\n"
    edl = (b"TITLE: v\nFCM: NON-DROP FRAME\n\n001  AX       V     C        00:00:00:00 00:00:00:10 00:00:00:00 00:00:00:10\n"
           b"* FROM CLIP NAME: v\n002  AX       AA/V  C        00:00:00:10 00:00:01:10 00:00:00:10 00:00:01:10\nAUD  3    4\n"
           b"003  M        A2    C        00:00:00:00 00:00:00:10 00:00:00:00 00:00:00:10\n"
           b"004  BL       V     C        00:00:00:00 00:00:00:10 00:00:00:00 00:00:00:10\n")
    drop = edl.replace(b"NON-DROP", b"DROP").replace(b"00:00:00:", b"00:00:00;").replace(b"00:00:01:", b"00:00:01;")
    return {"csv": b"\0" + csv, "edl": b"\1" + edl, "drop.edl": b"\4" + drop, "fast.edl": b"\7" + edl,
            "variable.edl": b"\x0a" + edl, "otio": b"\2" + otio(25.0), "ntsc.otio": b"\5" + otio(30000 / 1001),
            "variable.otio": b"\x0b" + otio(27.0)}


def decisions_seeds():
    """The first byte chooses between scenes, windows and clips."""
    rng = random.Random(1)
    seeds = {f"{kind}_{number}": bytes([kind]) + rng.randbytes(size)
             for kind in range(3) for number, size in enumerate((4, 16, 60))}
    steady = b"".join(bytes([40, 20, 200 if frame % 30 else 0]) for frame in range(120))
    return seeds | {"steady_clips": bytes([2, 0, 50, 3, 232, 0, 10, 0, 0, 0, 117, 48]) + steady}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    decoder_seeds(folder / "decoder")
    cut_seeds(folder / "cut")
    write(folder / "pickle", pickle_seeds())
    write(folder / "archive", archive_seeds())
    write(folder / "predictions", predictions_seeds())
    write(folder / "labels", labels_seeds())
    write(folder / "shot_lists", shot_lists_seeds())
    write(folder / "decisions", decisions_seeds())


if __name__ == "__main__":
    main()
