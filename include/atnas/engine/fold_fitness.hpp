// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// How good encodes are for one task, by its own labelled images.

#include <span>
#include <vector>

#include "atnas/comm/communicator.hpp"
#include "atnas/data/task.hpp"
#include "atnas/engine/work_sharing.hpp"
#include "atnas/meta/task_evaluator.hpp"
#include "atnas/space/cost_model.hpp"
#include "atnas/space/genotype.hpp"

namespace atnas::engine {

/// On all images that folds asked for. NaN where a loss was no finite number.
struct FoldResult {
    double loss;      ///< mean cross-entropy
    double accuracy;  ///< 0 .. 1

    /// exp(-loss): the geometric mean of the probabilities of the right classes, in (0, 1]. A few images give accuracy
    /// many ties, and this none.
    double fitness() const noexcept;
};

/// Every rank has one over the same folds (data::task_folds()). Valid while the shared weights do not change.
class FoldFitness {
  public:
    /// Everything that outlives it.
    struct Place {
        meta::TaskEvaluator& evaluator;
        const space::CostModel& costs;
        WorkSharing& sharing;
        const comm::Communicator& communicator;
    };
    /// Keeps a reference to the folds. \pre there is one
    FoldFitness(const Place& place, std::span<const data::Task> folds);

    /// Adapts every encode to every fold and judges it there; the ranks share the work. The same on every rank, and on
    /// any number of ranks. \pre they are legal; canonical ones, if equal networks are to be judged alike. Collective.
    std::vector<FoldResult> judge(std::span<const space::Genotype> encodes);

  private:
    std::vector<WorkItem> items(std::span<const space::Genotype> encodes) const;

    Place place_;
    std::span<const data::Task> folds_;
};

}  // namespace atnas::engine
