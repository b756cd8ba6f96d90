// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "transnet/shot_model.hpp"
#include "transnet/transnet.h"

struct transnet_model {
  std::shared_ptr<const transnet::ShotModel> model;
};
