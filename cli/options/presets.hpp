// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "options/command_line.hpp"
#include "options/settings_file.hpp"

/// `--preset`: named values of other options, for a purpose. `Configuration` gives them to the options.
namespace command {

inline constexpr const char* preset_option = "--preset";

struct PresetValue {
  std::string_view key;  ///< as in a configuration file: without dashes
  SettingValue::Type type = SettingValue::Type::text;
  std::string_view text;  ///< as on the command line
};

struct Preset {
  std::string_view name;
  /// A subcommand takes the values of the options that it has.
  std::span<const PresetValue> values;
};

namespace preset_values {

using enum SettingValue::Type;

// The reference's lengths. Mixed pictures of a fade are in no clip and in no shot.
inline constexpr std::array training{
    PresetValue{"profile", text, "reference"},      PresetValue{"many-hot-threshold", number, "0.1"},
    PresetValue{"transition-frames", text, "none"}, PresetValue{"min-length-s", number, "2"},
    PresetValue{"max-length-s", number, "10"},      PresetValue{"crop-s", number, "0.5"}};
// An editor misses no cut and no frame.
inline constexpr std::array editing{PresetValue{"what", text, "shots"},
                                    PresetValue{"profile", text, "accurate"},
                                    PresetValue{"transition-frames", text, "split"},
                                    PresetValue{"min-shot-s", number, "0"},
                                    PresetValue{"min-length-s", number, "0"},
                                    PresetValue{"max-length-s", number, "0"},
                                    PresetValue{"crop-s", number, "0"}};
// A subtitle begins with the first picture that shows the new shot alone.
inline constexpr std::array subtitles{PresetValue{"what", text, "shots"},
                                      PresetValue{"profile", text, "accurate"},
                                      PresetValue{"transition-frames", text, "previous"},
                                      PresetValue{"min-shot-s", number, "0"},
                                      PresetValue{"min-length-s", number, "0"},
                                      PresetValue{"max-length-s", number, "0"},
                                      PresetValue{"crop-s", number, "0"}};
// So does a keyframe. A missed cut costs a few bits, as keyframes that follow each other closely do, so that one
// network and the faster decoding are enough.
inline constexpr std::array encoding{PresetValue{"what", text, "shots"},
                                     PresetValue{"profile", text, "reference"},
                                     PresetValue{"transition-frames", text, "previous"},
                                     PresetValue{"min-shot-s", number, "0.5"},
                                     PresetValue{"short-shots", text, "merge-previous"},
                                     PresetValue{"min-length-s", number, "0"},
                                     PresetValue{"max-length-s", number, "0"},
                                     PresetValue{"crop-s", number, "0"},
                                     PresetValue{"fast-decode", boolean, "true"}};

}  // namespace preset_values

inline constexpr std::array presets{
    Preset{"training", preset_values::training},
    Preset{"editing", preset_values::editing},
    Preset{"subtitles", preset_values::subtitles},
    Preset{"encoding", preset_values::encoding},
};

/// Declares `--preset`.
void add_preset_option(CLI::App& app);

/// The option of `add_preset_option`; null if the subcommand has none. `split` has another one of this name, its
/// encoder's.
[[nodiscard]] const CLI::Option* preset_option_of(const CLI::App& app);

/// Null: there is no such preset.
[[nodiscard]] const Preset* preset_named(std::string_view name);

}  // namespace command
