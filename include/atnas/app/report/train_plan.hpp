// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What `atnas train` would do: for people and for programs.

#include <cstdint>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "atnas/app/train_options.hpp"

namespace atnas::app {

struct TrainPlan {
    std::int64_t train{0}, validation{0}, test{0};  ///< images
    int classes{0};
    std::string changes;  ///< of training images
    std::string kind;     ///< of the search space
    int channels{0};      ///< space.channels
    TrainFrom from{TrainFrom::meta_network};
    TrainSearch search{TrainSearch::islands};
    int evaluations{0};            ///< encodes that a search tries
    int trial_steps{0};            ///< of each
    int trial_batch{0};            ///< images of such a step
    std::int64_t trial_images{0};  ///< that judge it
    int steps{0};                  ///< of training; with a time the most
    int batch{0};                  ///< images of such a step
    double epochs{0};
    double time{0};  ///< seconds for everything; 0 = as long as it takes
    std::string folder;
};

std::string text_of(const TrainPlan& plan);
nlohmann::json json_of(const TrainPlan& plan);

}  // namespace atnas::app
