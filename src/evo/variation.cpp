// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/variation.hpp"

#include <algorithm>
#include <string>

#include "atnas/core/contract.hpp"

namespace atnas::evo {

namespace {

/// Children may cost more than the space allows. One that takes after a single parent does not.
constexpr int crossover_tries = 100;

/// Whether per-locus mutation at \p rate touches anything: SearchSpace::mutate itself always does.
bool any_locus_mutates(const space::SearchSpace& space, double rate, RandomStream& random) {
    bool any = false;
    for (std::size_t i = 0; i < space.loci().size(); ++i) any |= random.chance(rate);
    return any;
}

void check_probability(const char* name, double value, std::vector<Problem>& problems) {
    // Written so that NaN fails too.
    if (value >= 0 && value <= 1) return;
    problems.push_back(
        {std::string(name) + " = " + std::to_string(value), "it is a probability", "use a value from 0 to 1"});
}

}  // namespace

std::vector<Problem> problems_of(const VariationOptions& options) {
    std::vector<Problem> problems;
    if (options.offspring < 0)
        problems.push_back({"offspring = " + std::to_string(options.offspring), "it counts members", "try 4"});
    check_probability("crossover_rate", options.crossover_rate, problems);
    check_probability("mutation_rate", options.mutation_rate, problems);
    if (options.founder_mutations < -1)
        problems.push_back({"founder_mutations = " + std::to_string(options.founder_mutations), "it counts mutations",
                            "use -1 for unrelated uniform samples"});
    return problems;
}

space::Genotype crossover(const space::SearchSpace& space, const space::Genotype& a, const space::Genotype& b,
                          RandomStream& random) {
    ATNAS_EXPECT(space.is_legal(a) && space.is_legal(b));
    for (int i = 0; i < crossover_tries; ++i) {
        space::Genotype child = a;
        for (const space::Locus& locus : space.loci()) {
            if (random.chance(0.5))
                std::copy_n(b.genes.begin() + locus.first, locus.count, child.genes.begin() + locus.first);
        }
        if (space.is_legal(child)) return child;
    }
    return a;
}

space::Genotype recombined(const space::SearchSpace& space, const space::Genotype& a, const space::Genotype& b,
                           double rate, RandomStream& random) {
    const space::Genotype child = crossover(space, a, b, random);
    return any_locus_mutates(space, rate, random) ? space.mutate(child, rate, random) : child;
}

space::Genotype made_distinct(const space::SearchSpace& space, space::Genotype genotype, const Population& members,
                              const Walk& walk, RandomStream& random) {
    if (space.gene_count() == 0) return genotype;
    // What differs in genes without effect is the same network.
    genotype = space.canonical(genotype);
    const auto is_known = [&] { return std::ranges::find(members, genotype, &Individual::genotype) != members.end(); };
    for (int i = 0; i < walk.tries && is_known(); ++i)
        genotype = space.canonical(space.mutate(genotype, walk.rate, random));
    return genotype;
}

}  // namespace atnas::evo
