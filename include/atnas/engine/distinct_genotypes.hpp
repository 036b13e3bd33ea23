// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What a generation evaluates: every network once, however many individuals stand for it.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "atnas/engine/island.hpp"
#include "atnas/engine/schedule.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::engine {

struct DistinctGenotype {
    /// Canonical: drawn as those of all its individuals, so that the bits of its fitness are theirs.
    space::Genotype genotype;
    int island;         ///< the first that holds it
    std::int64_t macs;  ///< for one image
};

struct DistinctGenotypes {
    std::vector<DistinctGenotype> genotypes;          ///< by first appearance: islands, then members
    std::vector<std::vector<std::size_t>> of_member;  ///< by island and member, the index of its genotype
};

/// \pre all genotypes are legal in \p space
DistinctGenotypes distinct_genotypes(std::span<const Island> islands, const space::SearchSpace& space);

/// The work of evaluating the \p chosen ones, by index: item i * episodes + e is the genotype chosen[i] on episode e.
/// It costs what the genotype's network costs and is at home where the first island that holds it is. \pre episodes >
/// 0, ranks > 0
std::vector<WorkItem> evaluation_items(const DistinctGenotypes& distinct, std::span<const std::size_t> chosen,
                                       int episodes, int ranks);

}  // namespace atnas::engine
