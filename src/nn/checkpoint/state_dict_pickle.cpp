// SPDX-License-Identifier: Apache-2.0
#include "nn/checkpoint/state_dict_pickle.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>

#include "base/little_endian.hpp"
#include "transnet/error.hpp"

namespace transnet::nn {
namespace {

// A pickle can name one text, tensor or dict any number of times for two bytes each: copies of them are bounded.
constexpr std::size_t longest_name_bytes = 1024;
constexpr std::size_t most_tensors = 100'000;

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorCode::bad_weights, "not a plain state dict: " + what);
}

// Values are small and copied freely. Tuples, lists, dicts, storages and tensors live in the reader's arenas, so copies
// and cycles, which a pickle can make at will, cost no memory.
struct Tuple;
struct List;
struct Dict;
struct None {};
struct Mark {};
struct OrderedDictClass {};
struct RebuildTensorFunction {};
struct RebuildParameterFunction {};
struct StorageClass {
  ScalarType type;
};
struct Storage {
  ScalarType type;
  std::string_view record;
  std::int64_t items;
};
using Value =
    std::variant<None, Mark, bool, std::int64_t, double, std::string_view, const Tuple*, List*, Dict*, OrderedDictClass,
                 RebuildTensorFunction, RebuildParameterFunction, StorageClass, const Storage*, const TensorEntry*>;
struct Tuple {
  std::vector<Value> items;
};
struct List {
  std::vector<Value> items;
};
struct Dict {
  std::vector<std::pair<Value, Value>> items;
};

struct NamedStorage {
  std::string_view name;
  ScalarType type;
};
constexpr std::array storage_classes{
    NamedStorage{"FloatStorage", ScalarType::float32},     NamedStorage{"DoubleStorage", ScalarType::float64},
    NamedStorage{"HalfStorage", ScalarType::float16},      NamedStorage{"LongStorage", ScalarType::int64},
    NamedStorage{"BFloat16Storage", ScalarType::bfloat16}, NamedStorage{"IntStorage", ScalarType::int32},
};

// Where training scripts keep the weights of the network, beside an optimizer, an epoch and so on.
constexpr std::array<std::string_view, 5> state_dict_keys{"state_dict", "model_state_dict", "model", "net", "network"};

Value find_global(std::string_view module, std::string_view name) {
  if (module == "collections" && name == "OrderedDict") return OrderedDictClass{};
  if (module == "torch._utils" && name == "_rebuild_tensor_v2") return RebuildTensorFunction{};
  if (module == "torch._utils" && name == "_rebuild_parameter") return RebuildParameterFunction{};
  if (module == "torch") {
    const auto* found = std::ranges::find(storage_classes, name, &NamedStorage::name);
    if (found != storage_classes.end()) return StorageClass{found->type};
  }
  fail("it asks for " + std::string(module) + "." + std::string(name));
}

class Reader {
 public:
  /// Runs the pickle at the beginning of `bytes`.
  explicit Reader(std::span<const std::byte> bytes) : rest_(reinterpret_cast<const char*>(bytes.data()), bytes.size()) {
    while (step()) {
    }
    if (stack_.size() != 1) fail("its pickle is malformed");
  }

  [[nodiscard]] std::size_t rest_bytes() const noexcept { return rest_.size(); }

  [[nodiscard]] std::vector<TensorEntry> tensors() const {
    const auto* const whole = std::get_if<Dict*>(&stack_.front());
    if (whole == nullptr) fail("it is not a dict");
    std::vector<TensorEntry> entries;
    for (const auto& [key, value] : state_dict(**whole).items) {
      const auto* name = std::get_if<std::string_view>(&key);
      if (name == nullptr) fail("a key is not a string");
      check_name(*name);
      if (std::holds_alternative<Dict*>(value))
        fail("\"" + std::string(*name) +
             "\" is a dict, as in a checkpoint; weights are looked for below state_dict, model_state_dict, model, net "
             "and network");
      const auto* tensor = std::get_if<const TensorEntry*>(&value);
      if (tensor == nullptr) fail("\"" + std::string(*name) + "\" is not a tensor");
      if (entries.size() == most_tensors) fail_count();
      entries.push_back(**tensor);
      entries.back().name = *name;
    }
    return entries;
  }

  [[nodiscard]] std::vector<StorageEntry> storages() const {
    std::vector<StorageEntry> entries;
    std::unordered_set<std::string_view> names;
    for (const auto& storage : storages_) {
      if (names.insert(storage.record).second) {
        entries.push_back({.record = std::string(storage.record), .type = storage.type, .items = storage.items});
      }
    }
    return entries;
  }

  [[nodiscard]] std::vector<std::string> texts() const {
    std::vector<std::string> texts;
    for (const auto& item : as<List*>(stack_.front(), "list")->items) {
      const auto text = as<std::string_view>(item, "text");
      check_name(text);
      if (texts.size() == most_tensors) fail_count();
      texts.emplace_back(text);
    }
    return texts;
  }

 private:
  static void check_name(std::string_view name) {
    if (name.size() > longest_name_bytes) fail("it has a name of " + std::to_string(name.size()) + " bytes");
  }
  [[noreturn]] static void fail_count() { fail("it has more than " + std::to_string(most_tensors) + " tensors"); }

  /// The state dict of a checkpoint: below one of `state_dict_keys`, whatever else there is. Otherwise `whole`.
  static const Dict& state_dict(const Dict& whole) {
    const auto is_tensor = [](const auto& item) { return std::holds_alternative<const TensorEntry*>(item.second); };
    if (std::ranges::any_of(whole.items, is_tensor)) return whole;
    std::unordered_set<const Dict*> others;
    for (const auto key : state_dict_keys) {
      for (const auto& [name, value] : whole.items) {
        const auto* text = std::get_if<std::string_view>(&name);
        const auto* inner = std::get_if<Dict*>(&value);
        if (text == nullptr || *text != key || inner == nullptr || !others.insert(*inner).second) continue;
        if (std::ranges::all_of((*inner)->items, is_tensor)) return **inner;
      }
    }
    return whole;
  }

  /// Runs one instruction; false after the last one.
  bool step() {
    const auto opcode = static_cast<unsigned char>(take(1).front());
    switch (opcode) {
      case 0x80: take(1); return true;  // PROTO
      case '.': return false;
      case '(': push(Mark{}); return true;
      case 'N': push(None{}); return true;
      case 0x88: push(true); return true;
      case 0x89: push(false); return true;
      case 'K': push(static_cast<std::int64_t>(take_unsigned(1))); return true;
      case 'M': push(static_cast<std::int64_t>(take_unsigned(2))); return true;
      case 'J': push(std::int64_t{static_cast<std::int32_t>(take_unsigned(4))}); return true;
      case 0x8a: push(take_long(take_unsigned(1))); return true;
      case 'G': push(take_double()); return true;
      case 'X': push(take(take_unsigned(4))); return true;
      case 'c': {
        const auto module = take_line();
        push(find_global(module, take_line()));
        return true;
      }
      case 'q': memo_[take_unsigned(1)] = top(); return true;
      case 'r': memo_[take_unsigned(4)] = top(); return true;
      case 'h': push(recall(take_unsigned(1))); return true;
      case 'j': push(recall(take_unsigned(4))); return true;
      case ')': push_tuple({}); return true;
      case 0x85: push_tuple(pop_many(1)); return true;
      case 0x86: push_tuple(pop_many(2)); return true;
      case 0x87: push_tuple(pop_many(3)); return true;
      case 't': push_tuple(pop_to_mark()); return true;
      case ']': push(&lists_.emplace_back()); return true;
      case 'a': append(pop_many(1)); return true;
      case 'e': append(pop_to_mark()); return true;
      case '}': push(&dicts_.emplace_back()); return true;
      case 's': set_items(pop_many(2)); return true;
      case 'u': set_items(pop_to_mark()); return true;
      case 'Q': push(make_storage(pop())); return true;
      case 'R': {
        const Value arguments = pop();
        push(call(pop(), arguments));
        return true;
      }
      case 'b': {  // attributes of an OrderedDict: its _metadata, with the versions of layers
        pop_as<Dict*>("attributes");
        if (!std::holds_alternative<Dict*>(top())) fail("it sets attributes of something other than a dict");
        return true;
      }
      default: {
        std::array<char, 8> code{};
        std::snprintf(code.data(), code.size(), "0x%02x", unsigned{opcode});
        fail(std::string("it has the pickle instruction ") + code.data());
      }
    }
  }

  std::string_view take(std::size_t bytes) {
    if (bytes > rest_.size()) fail("its pickle is cut off");
    const auto taken = rest_.substr(0, bytes);
    rest_.remove_prefix(bytes);
    return taken;
  }
  std::span<const std::byte> take_bytes(std::size_t bytes) { return std::as_bytes(std::span(take(bytes))); }
  /// Of at most 4 bytes.
  std::uint32_t take_unsigned(std::size_t bytes) {
    return static_cast<std::uint32_t>(base::little_endian(take_bytes(bytes)));
  }
  /// A signed number, little-endian.
  std::int64_t take_long(std::size_t bytes) {
    if (bytes > sizeof(std::uint64_t)) fail("it has a number of more than 64 bits");
    const auto taken = take_bytes(bytes);
    auto value = base::little_endian(taken);
    const bool is_negative = !taken.empty() && (taken.back() & std::byte{0x80}) != std::byte{0};
    if (is_negative && bytes < sizeof value) value |= ~std::uint64_t{0} << 8 * bytes;
    return static_cast<std::int64_t>(value);
  }
  /// Big-endian.
  double take_double() {
    std::uint64_t bits = 0;
    for (const char byte : take(sizeof bits)) bits = bits << 8U | static_cast<unsigned char>(byte);
    return std::bit_cast<double>(bits);
  }
  std::string_view take_line() {
    const auto end = rest_.find('\n');
    if (end == std::string_view::npos) fail("its pickle is cut off");
    const auto line = take(end);
    take(1);
    return line;
  }

  void push(Value value) { stack_.push_back(value); }
  Value& top() {
    if (stack_.empty()) fail("its pickle is malformed");
    return stack_.back();
  }
  Value pop() {
    const Value value = top();
    stack_.pop_back();
    return value;
  }
  template <typename Kind>
  Kind pop_as(const char* what) {
    const Value value = pop();
    return as<Kind>(value, what);
  }
  template <typename Kind>
  static Kind as(const Value& value, const char* what) {
    if (const auto* kind = std::get_if<Kind>(&value)) return *kind;
    fail(std::string("malformed ") + what);
  }
  std::vector<Value> pop_many(std::size_t count) {
    if (stack_.size() < count) fail("its pickle is malformed");
    const auto first = stack_.end() - static_cast<std::ptrdiff_t>(count);
    std::vector<Value> values(first, stack_.end());
    stack_.erase(first, stack_.end());
    return values;
  }
  std::vector<Value> pop_to_mark() {
    const auto is_mark = [](const Value& value) { return std::holds_alternative<Mark>(value); };
    const auto mark = std::find_if(stack_.rbegin(), stack_.rend(), is_mark);
    if (mark == stack_.rend()) fail("its pickle is malformed");
    auto values = pop_many(static_cast<std::size_t>(mark - stack_.rbegin()));
    stack_.pop_back();
    return values;
  }
  Value recall(std::uint32_t index) const {
    const auto found = memo_.find(index);
    if (found == memo_.end()) fail("its pickle is malformed");
    return found->second;
  }
  void push_tuple(std::vector<Value> items) { push(&std::as_const(tuples_.emplace_back(std::move(items)))); }
  void set_items(const std::vector<Value>& items) {
    if (items.size() % 2 != 0) fail("its pickle is malformed");
    auto* dict = as<Dict*>(top(), "dict");
    for (std::size_t index = 0; index < items.size(); index += 2)
      dict->items.emplace_back(items[index], items[index + 1]);
  }

  void append(const std::vector<Value>& items) {
    auto& list = as<List*>(top(), "list")->items;
    list.insert(list.end(), items.begin(), items.end());
  }

  Value call(const Value& callee, const Value& arguments) {
    const auto& items = as<const Tuple*>(arguments, "call")->items;
    if (std::holds_alternative<OrderedDictClass>(callee) && items.empty()) return &dicts_.emplace_back();
    if (std::holds_alternative<RebuildTensorFunction>(callee)) return make_tensor(items);
    if (std::holds_alternative<RebuildParameterFunction>(callee) && !items.empty()) {
      return as<const TensorEntry*>(items.front(), "parameter");
    }
    fail("it calls something other than OrderedDict(), _rebuild_tensor_v2 and _rebuild_parameter");
  }

  /// A persistent id: ("storage", class, record, device, number of items), before PyTorch 1.6 with None at the end,
  /// which stood for a part of another storage where it was not None.
  Value make_storage(const Value& id) {
    const auto& items = as<const Tuple*>(id, "storage")->items;
    const bool is_whole = items.size() == 5 || (items.size() == 6 && std::holds_alternative<None>(items[5]));
    if (!is_whole || as<std::string_view>(items[0], "storage") != "storage") fail("malformed storage");
    check_name(as<std::string_view>(items[2], "storage"));
    return &std::as_const(storages_.emplace_back(Storage{as<StorageClass>(items[1], "storage").type,
                                                         as<std::string_view>(items[2], "storage"),
                                                         as<std::int64_t>(items[4], "storage")}));
  }

  /// (storage, offset, sizes, strides, requires_grad, hooks)
  Value make_tensor(const std::vector<Value>& items) {
    if (items.size() < 4) fail("malformed tensor");
    if (tensors_.size() == most_tensors) fail_count();
    const auto& storage = *as<const Storage*>(items[0], "tensor");
    TensorEntry entry;
    entry.type = storage.type;
    entry.storage = storage.record;
    entry.storage_items = storage.items;
    entry.offset = as<std::int64_t>(items[1], "tensor");
    entry.sizes = integers(items[2]);
    entry.strides = integers(items[3]);
    if (entry.strides.size() != entry.sizes.size()) fail("malformed tensor");
    return &std::as_const(tensors_.emplace_back(std::move(entry)));
  }
  static std::vector<std::int64_t> integers(const Value& value) {
    constexpr std::size_t max_dimensions = 8;
    const auto& items = as<const Tuple*>(value, "tensor")->items;
    if (items.size() > max_dimensions) fail("malformed tensor");
    std::vector<std::int64_t> numbers;
    numbers.reserve(items.size());
    for (const auto& item : items) numbers.push_back(as<std::int64_t>(item, "tensor"));
    return numbers;
  }

  std::string_view rest_;
  std::deque<Tuple> tuples_;
  std::deque<List> lists_;
  std::deque<Dict> dicts_;
  std::deque<Storage> storages_;
  std::deque<TensorEntry> tensors_;
  std::vector<Value> stack_;
  std::unordered_map<std::uint32_t, Value> memo_;
};

}  // namespace

std::vector<TensorEntry> read_state_dict_pickle(std::span<const std::byte> pickle) { return Reader(pickle).tensors(); }

std::size_t pickle_bytes(std::span<const std::byte> bytes) { return bytes.size() - Reader(bytes).rest_bytes(); }

std::vector<StorageEntry> read_storages(std::span<const std::byte> pickle) { return Reader(pickle).storages(); }

std::vector<std::string> read_texts(std::span<const std::byte> pickle) { return Reader(pickle).texts(); }

}  // namespace transnet::nn
