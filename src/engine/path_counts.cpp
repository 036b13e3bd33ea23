// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/path_counts.hpp"

#include <algorithm>
#include <utility>

#include "atnas/core/contract.hpp"

namespace atnas::engine {

std::size_t most_values(const space::SearchSpace& space) {
    std::size_t most = 0;
    for (const space::Gene& gene : space.genes()) most = std::max(most, gene.values.size());
    return most;
}

PathCounts::PathCounts(const space::SearchSpace& space)
    : genes_(static_cast<std::size_t>(space.gene_count())), values_(most_values(space)), counts_(genes_ * values_, 0) {}

void PathCounts::add(const space::Genotype& path) {
    ATNAS_EXPECT(path.genes.size() == genes_);
    pending_.push_back(path);
}

void PathCounts::step(bool made) {
    for (const space::Genotype& path : pending_)
        for (std::size_t g = 0; made && g < genes_; ++g)
            ++counts_[g * values_ + static_cast<std::size_t>(path.genes[g])];
    pending_.clear();
}

std::vector<std::int64_t> PathCounts::total(const comm::Communicator& communicator) const {
    std::vector<std::int64_t> total = counts_;
    communicator.sum(total);
    return total;
}

void PathCounts::begin_with(std::vector<std::int64_t> total) {
    ATNAS_EXPECT(total.size() == counts_.size());
    counts_ = std::move(total);
}

}  // namespace atnas::engine
