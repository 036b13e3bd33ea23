// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/nearest_neighbours.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <numeric>
#include <utility>

#include "atnas/core/contract.hpp"

namespace atnas::evo {

NearestNeighbours::NearestNeighbours(std::span<const Judged> data) : data_(data.begin(), data.end()) {
    ATNAS_EXPECT(!data_.empty());
}

double NearestNeighbours::predict(const space::Genotype& genotype) const {
    constexpr std::size_t neighbours = 3;
    // Distance, then how old.
    std::vector<std::pair<int, std::size_t>> by_distance;
    for (std::size_t i = 0; i < data_.size(); ++i) {
        const auto& genes = data_[i].genotype.genes;
        ATNAS_EXPECT(genes.size() == genotype.genes.size());
        const int different = std::transform_reduce(genes.begin(), genes.end(), genotype.genes.begin(), 0, std::plus(),
                                                    [](auto a, auto b) { return a == b ? 0 : 1; });
        by_distance.emplace_back(different, data_.size() - i);
    }
    const std::size_t count = std::min(neighbours, data_.size());
    std::ranges::partial_sort(by_distance, by_distance.begin() + static_cast<std::ptrdiff_t>(count));
    double sum = 0;
    for (std::size_t k = 0; k < count; ++k) sum += data_[data_.size() - by_distance[k].second].fitness;
    return sum / static_cast<double>(count);
}

}  // namespace atnas::evo
