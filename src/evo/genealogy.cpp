// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/genealogy.hpp"

#include <utility>

namespace atnas::evo {

void Genealogy::add(const Population& members, int island, int generation) {
    if (most_ == 0) return;
    for (const Individual& member : members)
        if (member.birth == generation) records_.push_back({island, member});
}

void Genealogy::go_on_from(std::vector<GenealogyRecord> records) {
    records_ = std::move(records);
    end_generation();
}

void Genealogy::end_generation() {
    if (records_.size() > most_) records_.erase(records_.begin(), records_.end() - static_cast<std::ptrdiff_t>(most_));
}

}  // namespace atnas::evo
