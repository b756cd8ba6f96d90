# SPDX-License-Identifier: Apache-2.0
"""The C interface from Python, by ctypes alone: c_interface.py LIBRARY [WEIGHTS [VIDEO]]"""

import ctypes
import math
import pathlib
import sys
from ctypes import POINTER, byref, c_char_p, c_double, c_float, c_int32, c_int64, c_size_t, c_void_p

OK, INVALID_ARGUMENT, NOT_FOUND, CANCELLED = 0, 1, 2, 16
TRANSITIONS, SCENES, SHOTS, CLIPS = range(4)


class Predictions(ctypes.Structure):
    _fields_ = [
        ("struct_bytes", c_size_t),
        ("video", c_char_p),
        ("single", POINTER(c_float)),
        ("many_hot", POINTER(c_float)),
        ("times_s", POINTER(c_double)),
        ("frame_count", c_size_t),
        ("framerate", c_double),
        ("last_duration_s", c_double),
    ]


class DecisionOptions(ctypes.Structure):
    _fields_ = [
        ("struct_bytes", c_size_t),
        ("threshold", c_double),
        ("min_length_s", c_double),
        ("max_length_s", c_double),
        ("crop_s", c_double),
        ("many_hot_threshold", c_double),
        ("limit_clips", c_int64),
        ("max_length_mode", c_int32),
        ("transition_frames", c_int32),
        ("entire_scene_as_clip", c_int32),
        ("absolute_times", c_int32),
        ("top", c_int64),
        ("min_shot_s", c_double),
        ("short_shots", c_int32),
        ("reserved", c_int32),
        ("snap_frames", POINTER(c_int64)),
        ("snap_frame_count", c_size_t),
        ("snap_within_frames", c_int64),
    ]


Progress = ctypes.CFUNCTYPE(c_int32, c_void_p, c_int64, c_int64)


class ExtractOptions(ctypes.Structure):
    _fields_ = [
        ("struct_bytes", c_size_t),
        ("decision", POINTER(DecisionOptions)),
        ("progress", Progress),
        ("progress_data", c_void_p),
        ("cancel", c_void_p),
        ("max_stall_s", c_double),
        ("max_time_s", c_double),
        ("max_picture_memory_gb", c_double),
        ("max_pixels", c_int64),
        ("frame_step", c_int64),
        ("timing", c_int32),
        ("stream", c_int32),
        ("fast_decode", c_int32),
        ("decode_threads", c_int32),
        ("start_s", c_double),
        ("end_s", c_double),
        ("decoder", c_char_p),
        ("second_look", c_int32),
        ("reserved", c_int32),
    ]


class Span(ctypes.Structure):
    _fields_ = [("start_frame", c_int64), ("end_frame", c_int64), ("start_s", c_double), ("end_s", c_double)]


class Transnet:
    """The library, and errors as exceptions."""

    def __init__(self, file):
        self.library = ctypes.CDLL(file)
        self.library.transnet_version.restype = c_char_p
        self.library.transnet_status_name.restype = c_char_p
        self.library.transnet_stream_message.restype = c_char_p
        self.library.transnet_stream_message.argtypes = [c_void_p]
        self.library.transnet_stream_push_frame.argtypes = [c_void_p, c_char_p, c_size_t, c_double]

    def make(self, name, *arguments):
        """Calls a function that makes a handle."""
        handle = c_void_p()
        message = ctypes.create_string_buffer(1000)
        status = getattr(self.library, name)(*arguments, byref(handle), message, c_size_t(len(message)))
        if status != OK:
            assert handle.value is None, name
            raise RuntimeError(status, message.value.decode())
        return handle

    def defaults(self, struct, name):
        value = struct()
        assert getattr(self.library, f"transnet_{name}_init")(byref(value), c_size_t(ctypes.sizeof(value))) == OK, name
        assert value.struct_bytes == ctypes.sizeof(value), name
        return value

    def spans(self, result, kind):
        found, count = POINTER(Span)(), c_size_t()
        assert self.library.transnet_result_get_spans(result, kind, byref(found), byref(count)) == OK
        return [(span.start_frame, span.end_frame) for span in found[: count.value]]

    def uuids(self, result):
        found, count = POINTER(c_char_p)(), c_size_t()
        assert self.library.transnet_result_get_uuids(result, byref(found), byref(count)) == OK
        return [text.decode() for text in found[: count.value]]


def check_decision(transnet):
    options = transnet.defaults(DecisionOptions, "decision_options")
    options.crop_s = 0.0
    options.min_length_s = 0.5
    predictions = transnet.defaults(Predictions, "predictions")
    probabilities = [0.0] * 100
    probabilities[41] = probabilities[63] = 0.9
    predictions.video = b"bikes.mp4"
    predictions.single = (c_float * 100)(*probabilities)
    predictions.frame_count = 100
    predictions.framerate = 25.0
    result = transnet.make("transnet_find_clips", byref(predictions), byref(options))
    assert transnet.spans(result, TRANSITIONS) == [(41, 42), (63, 64)]
    assert transnet.spans(result, SHOTS) == [(0, 42), (42, 64), (64, 100)]
    clips = transnet.spans(result, CLIPS)
    # uuid.uuid5(uuid.NAMESPACE_URL, "bikes.mp4_42_63")
    assert transnet.uuids(result)[clips.index((42, 63))] == "d23419cb-291c-50fe-9bb9-c2ddb5a6b083"
    transnet.library.transnet_result_free(result)


def check_errors(transnet):
    try:
        transnet.make("transnet_model_load", b"no-such-file.pth", None)
        raise AssertionError("a missing file is loaded")
    except RuntimeError as error:
        assert error.args[0] == NOT_FOUND and "no-such-file.pth" in error.args[1], error
    assert transnet.library.transnet_stream_finish(None) == INVALID_ARGUMENT
    assert transnet.library.transnet_status_name(NOT_FOUND) == b"not_found"


def check_stream(transnet, weights):
    """A cut between two shades, from bytes in memory."""
    data = pathlib.Path(weights).read_bytes()
    model = transnet.make("transnet_model_load_bytes", data, c_size_t(len(data)), b"bytes", None)
    stream = transnet.make("transnet_stream_create", model, None)
    transnet.library.transnet_model_free(model)  # the stream keeps what it needs
    for number in range(80):
        frame = bytes([40 if number < 30 else 200]) * (48 * 27 * 3)
        assert transnet.library.transnet_stream_push_frame(stream, frame, len(frame), number / 25) == OK
    assert transnet.library.transnet_stream_push_frame(stream, b"short", 5, 0.0) != OK
    assert b"5 bytes" in transnet.library.transnet_stream_message(stream)
    assert transnet.library.transnet_stream_finish(stream) == OK
    single, many_hot, times_s, count = (c_float * 80)(), (c_float * 80)(), (c_double * 80)(), c_size_t()
    assert transnet.library.transnet_stream_read(stream, c_size_t(80), single, many_hot, times_s, byref(count)) == OK
    assert count.value == 80
    assert [number for number in range(80) if single[number] > 0.4] == [29], list(single)
    assert all(0.0 <= value <= 1.0 and not math.isnan(value) for value in many_hot)
    assert list(times_s) == [number / 25 for number in range(80)]
    transnet.library.transnet_stream_free(stream)


def check_file(transnet, weights, video):
    """The sample video, whose new shots begin at 30, 76, 137, 187 and 242."""
    model = transnet.make("transnet_model_load", weights.encode(), None)
    options = transnet.defaults(ExtractOptions, "extract_options")
    seen = []
    options.progress = Progress(lambda _, done, expected: seen.append((done, expected)) or 0)
    result = transnet.make("transnet_extract", model, video.encode(), byref(options))
    assert [start for start, _ in transnet.spans(result, SHOTS)] == [0, 30, 76, 137, 187, 242]
    assert len(transnet.uuids(result)) == len(transnet.spans(result, CLIPS))
    assert seen[-1] == (250, 250), seen
    transnet.library.transnet_result_free(result)

    options.progress = Progress(lambda *_: 1)
    try:
        transnet.make("transnet_extract", model, video.encode(), byref(options))
        raise AssertionError("the run was not cancelled")
    except RuntimeError as error:
        assert error.args[0] == CANCELLED, error
    transnet.library.transnet_model_free(model)


def main():
    transnet = Transnet(sys.argv[1])
    assert transnet.library.transnet_version().count(b".") == 2
    assert transnet.library.transnet_interface_version() >> 16 == 1
    check_decision(transnet)
    check_errors(transnet)
    if len(sys.argv) > 2:
        check_stream(transnet, sys.argv[2])
    if len(sys.argv) > 3:
        check_file(transnet, sys.argv[2], sys.argv[3])


main()
