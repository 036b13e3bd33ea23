// SPDX-License-Identifier: Apache-2.0
#include "learners.hpp"

namespace atnas::meta {

LearnerEntry reptile_entry() {
    return {Learner::reptile, "reptile", "initial minus adapted weights (Nichol et al. 2018)",
            nn::WeightSlice::Part::all, LearnerEntry::LearnsFrom::steps};
}

}  // namespace atnas::meta
