# SPDX-License-Identifier: Apache-2.0
"""The recipe for Conan 2: `conan create packaging/conan`.

The package holds transnet::core, the network and the decisions, which needs nothing but the C++ runtime.
"""

import re
from pathlib import Path
from typing import ClassVar

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load


class Transnet(ConanFile):
    name = "transnet"
    description = "Turns videos into clip spans with TransNetV2"
    license = "Apache-2.0"
    topics = ("video", "shot-detection", "scene-detection")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options: ClassVar = {"shared": [True, False], "fPIC": [True, False]}
    default_options: ClassVar = {"shared": False, "fPIC": True}
    implements: ClassVar = ["auto_shared_fpic"]

    def _source(self):
        return Path(self.recipe_folder).parent.parent

    def set_version(self):
        header = load(self, self._source() / "include" / "transnet" / "version.hpp")
        self.version = ".".join(
            re.search(rf"#define TRANSNET_VERSION_{part} (\d+)", header)[1] for part in ("MAJOR", "MINOR", "PATCH")
        )

    def export_sources(self):
        for pattern in ("CMakeLists.txt", "LICENSE", "cmake/*", "include/*", "src/*"):
            copy(self, pattern, src=str(self._source()), dst=self.export_sources_folder)

    def validate(self):
        check_min_cppstd(self, 20)

    def layout(self):
        cmake_layout(self)

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        toolchain.user_presets_path = False
        toolchain.cache_variables.update(TRANSNET_BUILD_MEDIA=False, TRANSNET_WITH_LIBTORCH="OFF")
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        copy(self, "LICENSE", src=self.source_folder, dst=str(Path(self.package_folder) / "licenses"))
        CMake(self).install()

    def package_info(self):
        # The package has its own CMake files.
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.builddirs = ["lib/cmake/transnet"]
        self.cpp_info.libs = ["transnet_core"]
        if self.settings.os in ("Linux", "FreeBSD"):
            self.cpp_info.system_libs = ["pthread", "dl"]
