// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/hypervolume.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "atnas/core/contract.hpp"

namespace atnas::evo {

namespace {

/// Those that nobody dominates, each once, in lexicographic order.
std::vector<ValueRow> non_dominated(std::vector<ValueRow> rows) {
    std::ranges::sort(rows);
    std::vector<ValueRow> front;
    for (ValueRow& row : rows) {
        const bool is_covered =
            std::ranges::any_of(front, [&](const ValueRow& other) { return other == row || dominates(other, row); });
        if (!is_covered) front.push_back(std::move(row));
    }
    return front;
}

double box(const ValueRow& row, std::span<const double> reference) {
    double volume = 1;
    for (std::size_t i = 0; i < row.size(); ++i) volume *= reference[i] - row[i];
    return volume;
}

/// \pre front is non_dominated() and of two values a row
double swept_area(const std::vector<ValueRow>& front, std::span<const double> reference) {
    double area = 0;
    double upper = reference[1];
    for (const ValueRow& row : front) {
        area += (reference[0] - row[0]) * (upper - row[1]);
        upper = row[1];
    }
    return area;
}

/// \pre front is non_dominated() and better than the reference
double volume_of(const std::vector<ValueRow>& front, std::span<const double> reference) {
    if (reference.size() == 2) return swept_area(front, reference);
    double volume = 0;
    for (std::size_t i = 0; i < front.size(); ++i) {
        // What the row shares with each of the others is a box as well.
        std::vector<ValueRow> shared;
        for (std::size_t j = i + 1; j < front.size(); ++j) {
            ValueRow corner(reference.size());
            std::ranges::transform(front[i], front[j], corner.begin(),
                                   [](double a, double b) { return std::max(a, b); });
            shared.push_back(std::move(corner));
        }
        volume += box(front[i], reference) - volume_of(non_dominated(std::move(shared)), reference);
    }
    return volume;
}

}  // namespace

double hypervolume(std::span<const ValueRow> rows, std::span<const double> reference) {
    ATNAS_EXPECT(!reference.empty());
    std::vector<ValueRow> inside;
    for (const ValueRow& row : rows) {
        ATNAS_EXPECT(row.size() == reference.size());
        if (std::ranges::equal(row, reference, [](double value, double limit) { return value < limit; }))
            inside.push_back(row);
    }
    return volume_of(non_dominated(std::move(inside)), reference);
}

}  // namespace atnas::evo
