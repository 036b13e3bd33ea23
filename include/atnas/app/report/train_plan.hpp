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
    std::string changes;         ///< of training images
    std::string kind;            ///< of the search space
    int channels{0};             ///< space.channels
    std::int64_t parameters{0};  ///< of the network that would be trained without a search
    std::int64_t macs{0};        ///< its multiply-accumulates, per image
    int steps{0};                ///< of training; with a time the most
    std::string folder;          ///< of the run
    TrainOptions options{};
};

std::string text_of(const TrainPlan& plan);
nlohmann::json json_of(const TrainPlan& plan);

}  // namespace atnas::app
