// SPDX-License-Identifier: Apache-2.0
#include "options/decoding_options.hpp"

#include <spdlog/fmt/fmt.h>

#include <CLI/CLI.hpp>
#include <string_view>

#include "media/decode_option_table.hpp"
#include "options/option_kinds.hpp"
#include "options/table_options.hpp"
#include "transnet/timeline.hpp"

namespace command {
namespace {

using transnet::DecodeOptions;

constexpr const char* framerate_option = "--framerate";

/// "25", "23.976" or "24000/1001".
double framerate_of(const std::string& text) {
  const auto slash = text.find('/');
  const auto rate = parse_number<double>(framerate_option, text.substr(0, slash));
  return slash == std::string::npos ? rate : rate / parse_number<double>(framerate_option, text.substr(slash + 1));
}

/// `check` refuses a rate that cannot be used.
template <typename Check>
CLI::Option* add_framerate(CLI::App& app, double& framerate, const std::string& help, Check check) {
  const auto parse = [&framerate, check](const std::string& text) {
    const auto rate = framerate_of(text);
    check_usage(framerate_option, [&check, rate] { check(rate); });
    framerate = rate;
  };
  return app.add_option_function<std::string>(framerate_option, parse, help + "; also 24000/1001")->type_name("RATE");
}

void check_timeline(double rate) { (void)transnet::Timeline(rate); }

}  // namespace

OptionNames add_timing_option(CLI::App& app, DecodeOptions& options) {
  return names_of_added(app, [&] { add_option(app, options, "timing"); });
}

void add_stream_option(CLI::App& app, DecodeOptions& options) { add_option(app, options, "stream"); }

void add_input_framerate_option(CLI::App& app, DecodeOptions& options) {
  const auto check = [](double rate) { transnet::validate(DecodeOptions{.framerate = rate}); };
  add_framerate(app, options.framerate, help_of<DecodeOptions>("framerate"), check)
      ->default_str(fmt::format("{}", options.framerate));
}

void add_decoder_options(CLI::App& app, DecodeOptions& options) {
  add_option(app, options, "fast_decode");
  add_option(app, options, "decoder");
}

void add_limit_options(CLI::App& app, transnet::DecodeOptions& options) {
  add_options(app, options.limits, [](std::string_view) { return true; });
  add_option(app, options, "spool_dir");
}

void add_framerate_option(CLI::App& app, double& framerate) {
  add_framerate(app, framerate, "Frame rate of the videos, frames per second", check_timeline)->required();
}

void add_optional_framerate_option(CLI::App& app, double& framerate, const std::string& help) {
  add_framerate(app, framerate, help, check_timeline);
}

}  // namespace command
