// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// A subnet that has learned a task, taken out of its supernet.

#include "atnas/data/task.hpp"
#include "atnas/io/network_file.hpp"
#include "atnas/meta/task_evaluator.hpp"
#include "atnas/space/genotype.hpp"

namespace atnas::engine {

/// Adapts an encode to the support images of \p task, as it is judged on folds, and keeps weights and moments: what
/// engine::Predictor makes of an image is what the adapted plan makes of it. \pre the evaluator's statistics are
/// support or running; the encode is legal; the task has a query, which changes nothing
io::NetworkRecord adapted_network(meta::TaskEvaluator& evaluator, const space::Genotype& encode,
                                  const data::Task& task);

}  // namespace atnas::engine
