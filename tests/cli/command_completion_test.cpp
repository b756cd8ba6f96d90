// SPDX-License-Identifier: Apache-2.0
// Completion, by the shells themselves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "support/command_help.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "support/transnet_command.hpp"
#include "support/words.hpp"

namespace transnet::test {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

// readline would split the line into these COMP_WORDS.
constexpr const char* ask_bash = R"(source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_transnet
((${#COMPREPLY[@]} == 0)) || printf '%s\n' "${COMPREPLY[@]}")";

// zsh completes in its line editor alone, on a terminal. There, one key puts all that would be offered into the line,
// and another writes the line down.
constexpr const char* zsh_settings = R"(fpath=($here $fpath)
autoload -Uz compinit && compinit -u -D
offer() { _main_complete; compstate[insert]=all compstate[list]= }
zle -C offer .complete-word offer
tell() { print -r -- "$BUFFER" >$here/line && mv $here/line $here/answer }
zle -N tell
zle-line-init() { : >$here/ready }
zle -N zle-line-init
bindkey '^X^A' offer
bindkey '^X^B' tell
cd $here/files
)";
constexpr const char* ask_zsh = R"script(zmodload zsh/zpty
export here=$1 ZDOTDIR=$1 TERM=vt100
wait_for() { repeat 400; do zpty -r -t shell screen '*' 2>/dev/null; [[ -e $1 ]] && return; sleep 0.05; done; exit 1 }
zpty shell zsh -i -d
wait_for $here/ready
zpty -w -n shell "$2"$'\x18\x01\x18\x02'
wait_for $here/answer
zpty -d shell
print -rl -- ${(Q)${(z)"$(<$here/answer)"}})script";

class CommandCompletion : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directory(folder_.path() / "files");
    write_file(folder_.path() / "files" / "one video.mp4", "");
    fs::create_directory(folder_.path() / "files" / "videos");
  }

  fs::path script(const std::string& shell, const std::string& name) const {
    static std::map<std::string, std::string> known;
    const auto [text, is_new] = known.try_emplace(shell);
    if (is_new) {
      const auto result = run_transnet({"completion", shell});
      EXPECT_EQ(result.exit_status, 0);
      EXPECT_THAT(result.err, IsEmpty());
      text->second = result.out;
    }
    auto file = folder_.path() / name;
    write_file(file, text->second);
    return file;
  }

  /// Runs in the folder with the files.
  CommandResult in_files(const Words& words) const {
    Words all{"sh", "-c", "cd \"$0\" && exec \"$@\"", (folder_.path() / "files").native()};
    all.insert(all.end(), words.begin(), words.end());
    return run_command(all);
  }

  Words bash(const Words& words) const {
    Words all{"bash", "--norc", "-c", ask_bash, "bash", script("bash", "transnet.bash").native()};
    all.insert(all.end(), words.begin(), words.end());
    const auto result = in_files(all);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    EXPECT_THAT(result.err, IsEmpty());
    return lines_of(result.out);
  }

  Words fish(const std::string& line) const {
    const auto result = in_files({"fish", "--no-config", "-c", "source $argv[1]; complete -C $argv[2]",
                                  script("fish", "transnet.fish").native(), line});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    EXPECT_THAT(result.err, IsEmpty());
    Words words;  // without their descriptions
    for (const auto& one : lines_of(result.out)) words.push_back(one.substr(0, one.find('\t')));
    return words;
  }

  Words zsh(const std::string& line) const {
    script("zsh", "_transnet");
    write_file(folder_.path() / ".zshrc", zsh_settings);
    for (const auto* name : {"ready", "answer"}) fs::remove(folder_.path() / name);
    const auto result = run_command({"zsh", "-f", "-c", ask_zsh, "zsh", folder_.path().native(), line});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    auto words = lines_of(result.out);
    // The words that were in the line before stand in front.
    const auto before = std::ranges::count(line, ' ');
    words.erase(words.begin(), words.begin() + std::min<std::ptrdiff_t>(before, std::ssize(words)));
    for (auto& word : words) {
      if (word.ends_with('=')) word.pop_back();
    }
    return words;
  }

  TempDir folder_;
};

Words subcommands() {
  Words names;
  for (const auto& command : all_commands()) names.push_back(command.front());
  names.erase(std::ranges::unique(names).begin(), names.end());
  return names;
}

std::string line_of(const Words& command) {
  std::string line = "transnet ";
  for (const auto& word : command) line += word + " ";
  return line;
}

TEST_F(CommandCompletion, BashKnowsEverySubcommandAndOption) {
  EXPECT_THAT(bash({"transnet", ""}), testing::UnorderedElementsAreArray(subcommands()));
  EXPECT_THAT(bash({"transnet", "model", ""}), UnorderedElementsAre("fetch", "info", "export"));
  for (const auto& command : all_commands()) {
    Words words{"transnet"};
    words.insert(words.end(), command.begin(), command.end());
    words.emplace_back("-");
    EXPECT_THAT(bash(words), testing::UnorderedElementsAreArray(options_in_help(command)));
  }
}

TEST_F(CommandCompletion, BashKnowsValues) {
  EXPECT_THAT(bash({"transnet", "cl"}), ElementsAre("clips"));
  EXPECT_THAT(bash({"transnet", "clips", "--max-length-mode", ""}), UnorderedElementsAre("stride", "truncate"));
  EXPECT_THAT(bash({"transnet", "clips", "--max-length-mode", "=", "st"}), ElementsAre("stride"));
  EXPECT_THAT(bash({"transnet", "clips", "--max-length-mode", "="}), UnorderedElementsAre("stride", "truncate"));
  EXPECT_THAT(bash({"transnet", "clips", "--max-length-mode=s"}), ElementsAre("--max-length-mode=stride"));
  EXPECT_THAT(bash({"transnet", "clips", "v.mp4", "--device", ""}), UnorderedElementsAre("auto", "cpu", "cuda"));
  EXPECT_THAT(bash({"transnet", "clips", "--format", "json"}), UnorderedElementsAre("json", "jsonl"));
  EXPECT_THAT(bash({"transnet", "model", "info", "--format", ""}), UnorderedElementsAre("table", "json"));
  EXPECT_THAT(bash({"transnet", "completion", ""}), UnorderedElementsAre("bash", "zsh", "fish"));
  EXPECT_THAT(bash({"transnet", "clips", "--threshold", ""}), IsEmpty());
  EXPECT_THAT(bash({"transnet", "clips", ""}), UnorderedElementsAre("one video.mp4", "videos"));
  EXPECT_THAT(bash({"transnet", "clips", "-o", "o"}), ElementsAre("one video.mp4"));
  EXPECT_THAT(bash({"transnet", "clips", "--model-dir", ""}), ElementsAre("videos"));
}

TEST_F(CommandCompletion, BashCompletesWhatTheUserTypes) {
  // As an interactive shell loads it, not only as a function that is called.
  const auto result = run_command({"bash", "--norc", "-c", "source \"$1\"; complete -p transnet", "bash",
                                   script("bash", "transnet.bash").native()});
  EXPECT_EQ(result.out, "complete -F _transnet transnet\n");
}

TEST_F(CommandCompletion, FishKnowsEverySubcommandAndOption) {
  if (!has_command("fish")) GTEST_SKIP() << "fish is missing";
  EXPECT_THAT(fish("transnet "), testing::UnorderedElementsAreArray(subcommands()));
  EXPECT_THAT(fish("transnet model "), UnorderedElementsAre("fetch", "info", "export"));
  for (const auto& command : all_commands()) {
    auto options = options_in_help(command);
    std::erase_if(options, [](const auto& option) { return !option.starts_with("--"); });
    auto found = fish(line_of(command) + "--");
    EXPECT_THAT(found, testing::UnorderedElementsAreArray(options));
  }
}

TEST_F(CommandCompletion, FishKnowsValues) {
  if (!has_command("fish")) GTEST_SKIP() << "fish is missing";
  EXPECT_THAT(fish("transnet cl"), ElementsAre("clips"));
  EXPECT_THAT(fish("transnet clips --max-length-mode "), UnorderedElementsAre("stride", "truncate"));
  EXPECT_THAT(fish("transnet clips v.mp4 --device "), UnorderedElementsAre("auto", "cpu", "cuda"));
  EXPECT_THAT(fish("transnet clips clips --format=js"), UnorderedElementsAre("--format=json", "--format=jsonl"));
  EXPECT_THAT(fish("transnet model info --format "), UnorderedElementsAre("table", "json"));
  EXPECT_THAT(fish("transnet completion "), UnorderedElementsAre("bash", "zsh", "fish"));
  EXPECT_THAT(fish("transnet clips --threshold "), IsEmpty());
  EXPECT_THAT(fish("transnet clips o"), Contains(HasSubstr("video.mp4")));
  EXPECT_THAT(fish("transnet clips -o o"), Contains(HasSubstr("video.mp4")));
  EXPECT_THAT(fish("transnet clips --model-dir "), ElementsAre("videos/"));
  EXPECT_THAT(fish("transnet "), Not(Contains(HasSubstr("video"))));
}

TEST_F(CommandCompletion, ZshKnowsEverySubcommandAndOption) {
  if (!has_command("zsh")) GTEST_SKIP() << "zsh is missing";
  EXPECT_THAT(zsh("transnet "), IsSupersetOf(subcommands()));
  for (const auto& command : all_commands()) {
    auto options = options_in_help(command);
    std::erase_if(options, [](const auto& option) { return !option.starts_with("--"); });
    EXPECT_THAT(zsh(line_of(command) + "--"), IsSupersetOf(options)) << line_of(command);
  }
}

TEST_F(CommandCompletion, ZshKnowsValues) {
  if (!has_command("zsh")) GTEST_SKIP() << "zsh is missing";
  EXPECT_THAT(zsh("transnet model "), IsSupersetOf(Words{"fetch", "info", "export"}));
  EXPECT_THAT(zsh("transnet clips --max-length-mode "), UnorderedElementsAre("stride", "truncate"));
  EXPECT_THAT(zsh("transnet clips --format=js"), UnorderedElementsAre("--format=json", "--format=jsonl"));
  EXPECT_THAT(zsh("transnet completion "), IsSupersetOf(Words{"bash", "zsh", "fish"}));
  EXPECT_THAT(zsh("transnet clips --threshold "), IsEmpty());
  EXPECT_THAT(zsh("transnet clips o"), Contains(HasSubstr("one video.mp4")));
  EXPECT_THAT(zsh("transnet clips --model-dir "), Contains(HasSubstr("videos")));
}

TEST_F(CommandCompletion, ScriptsAreWithoutMistakes) {
  const std::vector<Words> shells{{"bash", "transnet.bash"}, {"zsh", "_transnet"}, {"fish", "transnet.fish"}};
  for (const auto& shell : shells) {
    if (!has_command(shell[0])) continue;
    EXPECT_EQ(run_command({shell[0], "-n", script(shell[0], shell[1]).native()}).err, "");
  }
}

TEST_F(CommandCompletion, RefusesOtherShells) {
  EXPECT_EQ(run_transnet({"completion"}).exit_status, 2);
  EXPECT_EQ(run_transnet({"completion", "csh"}).exit_status, 2);
}

}  // namespace
}  // namespace transnet::test
