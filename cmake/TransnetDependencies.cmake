# What the library is built on. Read by the build and, installed, by the package's config file.
include_guard()

find_package(Threads REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(CURL REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(FFmpeg 4.4 REQUIRED COMPONENTS avformat avcodec avfilter avutil)
find_package(UUID REQUIRED)
# 2.7 is the oldest whose wheel has the C++11 ABI.
set(LibTorch_HINTS "${TRANSNET_DEPS_DIR}/libtorch")
find_package(LibTorch 2.7 REQUIRED)
