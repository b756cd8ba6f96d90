// SPDX-License-Identifier: Apache-2.0
#include "pipeline/looks.hpp"

#include <utility>

#include "transnet/error.hpp"

namespace transnet::inline TRANSNET_ABI {
namespace {

SecondLook make_second_look(const std::shared_ptr<const ShotModel>& model, const ShotStreamOptions& options) {
  if (!model->info().has_many_hot) {
    throw Error(ErrorCode::unsupported, model->info().file.string() + ": second_look needs a many-hot head");
  }
  const auto first = model->first_of_mean();
  return SecondLook(first ? first : model, options);
}

}  // namespace

Looks::Looks(const std::shared_ptr<const ShotModel>& model, const ShotStreamOptions& options, bool second_look)
    : first_(model, second_look ? with_second_look(options) : options) {
  if (second_look) second_.emplace(make_second_look(model, options));
}

void Looks::resume(NetworkAnswers answers) {
  first_.resume(std::move(answers.first_look));
  if (second_) second_->resume(std::move(answers.second_look));
}

void Looks::push(std::span<const std::uint8_t> frame) {
  first_.push(frame);
  if (second_) second_->push(frame);
}

ShotProbabilities Looks::finish() {
  first_.finish();
  ShotProbabilities answers = first_.take();
  if (second_) second_->correct(answers);
  return answers;
}

NetworkAnswers Looks::take() {
  return {.first_look = first_.take(), .second_look = second_ ? second_->take() : ShotProbabilities{}};
}

}  // namespace transnet::inline TRANSNET_ABI
