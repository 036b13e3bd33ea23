// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What `atnas train` found: for people, for programs, and for the network's file.

#include <cstdint>
#include <map>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "atnas/engine/image_score.hpp"

namespace atnas::app {

struct TrainFigures {
    std::string encode;
    std::int64_t parameters{0}, macs{0};  ///< of the network, macs for one image
    double inherited{0};                  ///< fraction of the weights that began as the meta-network's
    int evaluations{0};                   ///< encodes that were tried
    double best_trial{0};                 ///< the fitness of the best of them; 0 without any
    int steps{0};                         ///< of training
    double epochs{0};                     ///< that these steps are
    double search_seconds{0}, training_seconds{0}, test_seconds{0};
    double images_per_second{0};  ///< of training, by this run
    engine::ImageScore validation{}, test{};
};

/// A few lines.
std::string text_of(const TrainFigures& figures);
nlohmann::json json_of(const TrainFigures& figures);
/// As io::NetworkFile has them.
std::map<std::string, double> file_figures(const TrainFigures& figures);

}  // namespace atnas::app
