#pragma once

long scene_count_of_two_shots();
