# What the library is built on. Read by the build and, installed, by the package's config file.
include_guard()

find_package(Threads REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(CURL REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(FFmpeg REQUIRED COMPONENTS avformat avcodec avfilter avutil)
find_package(UUID REQUIRED)
find_package(LibZip REQUIRED)
find_package(LibTorch REQUIRED)
