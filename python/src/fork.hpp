// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>

namespace transnet::python {

/// Counts the forks of this process from now on. Call it once.
void watch_forks();

/// The number of forks between the loading of this module and this process: a child has one more than its parent.
[[nodiscard]] long fork_generation() noexcept;

/// @throws Error(unsupported) if the process that made `what` in `generation` is not this one: its threads are missing
/// here.
void check_generation(long generation, const char* what);

/// Owns an object that has threads. In a forked child these threads do not exist, and a destructor would wait for them
/// for ever: there, the object is abandoned.
template <typename Object>
class ForkSafe {
 public:
  ForkSafe() = default;
  explicit ForkSafe(std::shared_ptr<Object> object) : object_(std::move(object)) {}
  ~ForkSafe() { abandon_if_foreign(); }
  ForkSafe(const ForkSafe&) = default;
  ForkSafe& operator=(const ForkSafe& other) {
    if (this != &other) *this = ForkSafe(other);
    return *this;
  }
  ForkSafe(ForkSafe&&) noexcept = default;
  ForkSafe& operator=(ForkSafe&& other) noexcept {
    abandon_if_foreign();
    object_ = std::move(other.object_);
    generation_ = other.generation_;
    return *this;
  }

  /// Null for none.
  [[nodiscard]] const std::shared_ptr<Object>& get() const noexcept { return object_; }
  [[nodiscard]] bool is_foreign() const noexcept { return object_ && generation_ != fork_generation(); }
  /// @throws Error(unsupported) in a forked child.
  [[nodiscard]] const std::shared_ptr<Object>& checked(const char* what) const {
    if (object_) check_generation(generation_, what);
    return object_;
  }

 private:
  void abandon_if_foreign() noexcept {
    if (is_foreign()) new std::shared_ptr<Object>(std::move(object_));
  }

  std::shared_ptr<Object> object_;
  long generation_ = fork_generation();
};

}  // namespace transnet::python
