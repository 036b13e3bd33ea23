// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/learner_registry.hpp"

#include <algorithm>
#include <array>

#include "atnas/core/contract.hpp"
#include "learners/learners.hpp"

namespace atnas::meta {

std::span<const LearnerEntry> learner_registry() {
    static const std::array entries{fomaml_entry(), maml_entry(), meta_sgd_entry(), anil_entry(), reptile_entry()};
    return entries;
}

const LearnerEntry& entry_of(Learner learner) {
    const auto found = std::ranges::find(learner_registry(), learner, &LearnerEntry::learner);
    ATNAS_EXPECT(found != learner_registry().end());
    return *found;
}

}  // namespace atnas::meta
