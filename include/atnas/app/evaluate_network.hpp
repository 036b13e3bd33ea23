// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// `atnas evaluate` of a network of `atnas adapt` or `atnas train`, by labelled images: prediction whose answers are
/// judged. What it is told by the options for checkpoints.

#include <vector>

#include "atnas/app/evaluate.hpp"
#include "atnas/app/predict.hpp"
#include "atnas/core/error.hpp"

namespace atnas::app {

/// What these options lack for a network, and those that say something of tasks, which a network is not judged by.
std::vector<Problem> network_problems(const EvaluateOptions& options);

/// The images that they name, which must have labels. \pre network_problems() has none
PredictOptions labelled_prediction(const EvaluateOptions& options);

}  // namespace atnas::app
