// SPDX-License-Identifier: Apache-2.0
// Arrays of NumPy, byte by byte after the description of the format (numpy.lib.format).
#include "io/npy_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "transnet/error.hpp"

namespace transnet::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

VideoPredictions predictions_of(std::vector<float> single, std::vector<float> many_hot) {
  return {"v.mp4", std::move(single), std::move(many_hot), Timeline(25.0), {}, {}, {}, {}};
}

/// A file of version 1.0 with this header and these values.
std::string npy(const std::string& text, const std::string& values) {
  std::string bytes("\x93NUMPY\1\0", 8);
  bytes += static_cast<char>(text.size() % 256);
  bytes += static_cast<char>(text.size() / 256);
  return bytes + text + values;
}

command::PredictionsOfFile read(const std::string& bytes) {
  std::istringstream stream(bytes);
  return command::read_npy(stream, "p.npy");
}

void expect_refused(const std::string& bytes, const std::string& message) {
  try {
    (void)read(bytes);
    ADD_FAILURE() << "accepted: " << message;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_THAT(error.what(), HasSubstr("p.npy: " + message));
  }
}

const std::string half_bytes("\0\0\0\x3f", 4);  // 0.5
const std::string one_bytes("\0\0\x80\x3f", 4);
const std::string header_of_two = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n";

TEST(NpyFile, IsWrittenAsDescribed) {
  const auto bytes = command::format_npy(predictions_of({0.5F, 1.0F}, {1.0F, 0.5F}));
  ASSERT_GT(bytes.size(), 10U);
  EXPECT_EQ(bytes.substr(0, 8), std::string("\x93NUMPY\1\0", 8));
  const auto header_bytes = static_cast<unsigned char>(bytes[8]) + 256U * static_cast<unsigned char>(bytes[9]);
  EXPECT_EQ((10 + header_bytes) % 64, 0U) << "a program can map the values into its memory";
  const auto text = bytes.substr(10, header_bytes);
  EXPECT_THAT(text, HasSubstr("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }"));
  EXPECT_EQ(text.back(), '\n');
  EXPECT_EQ(bytes.substr(10 + header_bytes), half_bytes + one_bytes + one_bytes + half_bytes);
  EXPECT_THAT(command::format_npy(predictions_of({0.5F}, {})), HasSubstr("'shape': (1, 1)"));
}

TEST(NpyFile, IsReadAgain) {
  const auto both = read(command::format_npy(predictions_of({0.5F, 1.0F}, {1.0F, 0.25F})));
  EXPECT_THAT(both.single, ElementsAre(0.5F, 1.0F));
  EXPECT_THAT(both.many_hot, ElementsAre(1.0F, 0.25F));
  EXPECT_THAT(read(npy(header_of_two, half_bytes + one_bytes)).many_hot, IsEmpty());
  EXPECT_THAT(read(npy("{\"shape\":(2,1),\"fortran_order\":True,\"descr\":\"<f4\"}", half_bytes + one_bytes)).single,
              ElementsAre(0.5F, 1.0F))
      << "in any order";
  std::string second_version("\x93NUMPY\2\0", 8);
  second_version += std::string(1, static_cast<char>(header_of_two.size())) + std::string(3, '\0') + header_of_two +
                    half_bytes + one_bytes;
  EXPECT_THAT(read(second_version).single, ElementsAre(0.5F, 1.0F));
}

TEST(NpyFile, IsRefusedIfTheContentContradictsTheHeader) {
  expect_refused(npy(header_of_two, half_bytes), "has fewer values than the shape of its array");
  expect_refused(npy(header_of_two, half_bytes + half_bytes.substr(1)), "has fewer values than the shape of its array");
  expect_refused(npy(header_of_two, half_bytes + one_bytes + "x"), "has more bytes than its array");
  // Memory for these shapes is on no machine.
  for (const auto* shape : {"(9223372036854775807,)", "(9223372036854775807, 2)", "(1000000000000, 2)"}) {
    expect_refused(
        npy(std::string("{'descr': '<f8', 'fortran_order': False, 'shape': ") + shape + "}", half_bytes + half_bytes),
        "has fewer values than the shape of its array");
  }
  expect_refused(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (18446744073709551615, 2)}", half_bytes),
                 "has an impossible shape");
}

TEST(NpyFile, IsRefusedWithAnyOtherHeader) {
  const std::vector<std::string> headers = {
      "",
      "{}",
      "{'descr': '<f4', 'fortran_order': False}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2.0,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2,",
      "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}",
      "{'descr': <f4, 'fortran_order': False, 'shape': (2,)}",
      "{'descr': '<f4, 'fortran_order': False, 'shape': (2,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'more': 1}",
      "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}}",
      "{'descr': '<f4' 'fortran_order': False, 'shape': (2,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} import os"};
  for (const auto& one_header : headers) {
    SCOPED_TRACE(one_header);
    expect_refused(npy(one_header, half_bytes + one_bytes), "the header of the array cannot be read");
  }
  const auto whole = npy(header_of_two, half_bytes + one_bytes);
  for (std::size_t bytes = 8; bytes < 10 + header_of_two.size(); ++bytes) {
    expect_refused(whole.substr(0, bytes), "the header of the array has a wrong length");
  }
  const std::string long_header("\x93NUMPY\2\0\xff\xff\xff\xff", 12);
  expect_refused(long_header + header_of_two, "the header of the array has a wrong length");
  expect_refused(std::string("\x93NUMPY\4\0", 8) + whole.substr(8), "is an array of NumPy in an unknown version");
  expect_refused("\x93NUMPX" + whole.substr(6), "is no array of NumPy");
}

}  // namespace
}  // namespace transnet::test
