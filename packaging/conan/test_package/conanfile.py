# SPDX-License-Identifier: Apache-2.0
"""Builds and runs a program with the package: the stranger's program of tests/consumer/."""

import os
from pathlib import Path

from conan import ConanFile
from conan.tools.build import can_run
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout


class TestPackage(ConanFile):
    settings = "os", "arch", "compiler", "build_type"

    def requirements(self):
        self.requires(self.tested_reference_str)

    def layout(self):
        cmake_layout(self)

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        toolchain.user_presets_path = False
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def test(self):
        if not can_run(self):
            return
        program = Path(self.cpp.build.bindir) / "consumer" / "core_user"
        weights = os.environ.get("TRANSNET_WEIGHTS_FILE", "")  # with them, the network runs
        self.run(f'"{program}" "{weights}"' if weights else f'"{program}"', env="conanrun")
