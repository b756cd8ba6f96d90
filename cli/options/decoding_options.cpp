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

CLI::Option* add_framerate(CLI::App& app, double& framerate, const std::string& help) {
  const auto parse = [&framerate](const std::string& text) {
    framerate = parse_number<double>("--framerate", text);
    check_usage("--framerate", [&framerate] { (void)transnet::Timeline(framerate); });
  };
  return app.add_option_function<std::string>("--framerate", parse, help)->type_name("FLOAT");
}

}  // namespace

OptionNames add_timing_option(CLI::App& app, DecodeOptions& options) {
  return names_of_added(app, [&] { add_option(app, options, "timing"); });
}

void add_stream_option(CLI::App& app, DecodeOptions& options) { add_option(app, options, "stream"); }

void add_input_framerate_option(CLI::App& app, DecodeOptions& options) {
  const auto parse = [&options](const std::string& text) {
    const auto slash = text.find('/');
    auto rate = parse_number<double>("--framerate", text.substr(0, slash));
    if (slash != std::string::npos) rate /= parse_number<double>("--framerate", text.substr(slash + 1));
    check_usage("--framerate", [rate] { transnet::validate(DecodeOptions{.framerate = rate}); });
    options.framerate = rate;
  };
  app.add_option_function<std::string>("--framerate", parse, help_of<DecodeOptions>("framerate") + "; also 24000/1001")
      ->type_name("RATE")
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
  add_framerate(app, framerate, "Frame rate of the videos, frames per second")->required();
}

void add_optional_framerate_option(CLI::App& app, double& framerate, const std::string& help) {
  add_framerate(app, framerate, help);
}

}  // namespace command
