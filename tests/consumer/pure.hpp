// SPDX-License-Identifier: Apache-2.0
#pragma once

long scene_count_of_two_shots();
