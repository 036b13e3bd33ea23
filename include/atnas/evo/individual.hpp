// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// A member of a population.

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include "atnas/space/genotype.hpp"

namespace atnas::evo {

/// Of an individual whose loss was not finite: worse than any accuracy, and a number all the same, so that files can be
/// compared.
inline constexpr double worst_fitness = -1.0;
/// Every query image was classified correctly.
inline constexpr double best_fitness = 1.0;

/// Ids; -1 = none.
using Parents = std::array<std::int64_t, 2>;

/// Every field but the genotype has a row in evo/individual_fields.hpp, which says what is stored and sent of it.
struct Individual {
    space::Genotype genotype{};
    double fitness{std::numeric_limits<double>::quiet_NaN()};  ///< an accuracy; NaN = not evaluated
    /// Standard error of its fitness, what all members have in common taken out; NaN = not evaluated.
    double fitness_error{std::numeric_limits<double>::quiet_NaN()};
    /// Of the difference of its fitness from that of its island's best elder, where it was judged for the first time;
    /// 0 otherwise, and where there was no elder.
    double difference_error{0};
    double tasks{0};  ///< behind its fitness; those of former generations count less
    /// Of racing, after which it went on, on its island; 0 without racing. Who went further stands before the others.
    std::int64_t rounds{0};
    std::int64_t age{0};    ///< generations survived
    std::int64_t birth{0};  ///< generation it was made in
    std::int64_t id{-1};    ///< unique over the run: (birth * islands + island) * 4096 + index
    Parents parents{-1, -1};
    std::int64_t parameters{0};
    std::int64_t macs{0};
    std::int64_t memory{0};  ///< bytes, see space::Cost
    /// Microseconds for an image, see engine::LatencyTable; NaN = not measured.
    double latency{std::numeric_limits<double>::quiet_NaN()};
};

/// One island's members, best first once ranked.
using Population = std::vector<Individual>;

/// Whether its fitness is an accuracy: it was evaluated, and its loss was finite.
bool has_accuracy(const Individual& individual) noexcept;

/// Over those whose fitness is an accuracy; worst_fitness when there is none.
double mean_fitness(const Population& population) noexcept;

/// Standard deviation over the same, of the population as it is (divided by their number); 0 when there is none.
double fitness_spread(const Population& population) noexcept;

/// How many different encodes those have who were judged.
int different_encodes(const Population& population);

}  // namespace atnas::evo
