// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/evolution.hpp"

#include <optional>
#include <string>
#include <utility>

#include "atnas/core/contract.hpp"

namespace atnas::evo {

namespace {

/// Stream of the founder that all islands share: no member of a population has this index.
constexpr std::uint32_t founder_item = 0xffffffff;
/// A walk of this many mutations finds a free member of any space that has one, however small.
constexpr int founder_tries = 1000;
/// A child that is still a duplicate after this many is let in: diversity is wanted, not owed.
constexpr int child_tries = 10;

}  // namespace

std::vector<Problem> problems_of(const EvolutionOptions& options) {
    std::vector<Problem> problems;
    if (options.population < 1 || options.population > largest_population) {
        problems.push_back(
            {"population = " + std::to_string(options.population), "an island has 1 to 4096 members", "try 8"});
    }
    for (auto& problem : problems_of(options.selection)) problems.push_back(std::move(problem));
    for (auto& problem : problems_of(options.variation)) problems.push_back(std::move(problem));
    if (options.surrogate.children < 1 || options.surrogate.children > most_surrogate_children)
        problems.push_back({"surrogate_children = " + std::to_string(options.surrogate.children),
                            "1 to 1000 children are made for each that is wanted", "try 8"});
    const int elite = options.selection.elite;
    const int offspring = options.variation.offspring;
    if (elite >= 0 && offspring >= 0 && elite > options.population - offspring) {
        problems.push_back({"offspring = " + std::to_string(offspring),
                            "elite = " + std::to_string(elite) +
                                " and offspring together exceed population = " + std::to_string(options.population),
                            "lower one of them or raise the population"});
    }
    return problems;
}

Evolution::Evolution(const EvolutionSetting& setting) : setting_(setting) {
    ATNAS_EXPECT(problems_of(setting.options).empty());
    ATNAS_EXPECT(setting.islands > 0);
}

Population Evolution::found(int island, const space::Genotype& founder) const {
    const auto& [space, costs, selection, options, seed, islands] = setting_;
    ATNAS_EXPECT(island >= 0 && island < islands);
    const bool is_given = !founder.genes.empty();
    ATNAS_EXPECT(!is_given || space.is_legal(founder));
    const VariationOptions& variation = options.variation;
    const bool is_related =
        options.kind == Kind::fixed || (variation.founder_mutations >= 0 && options.kind != Kind::random);

    RandomStream founder_random({.seed = seed, .purpose = Purpose::population, .item = founder_item});
    const space::Genotype first = is_given ? founder : space.sample(founder_random);
    Population population;
    for (int index = 0; index < options.members(); ++index) {
        RandomStream random({.seed = seed,
                             .purpose = Purpose::population,
                             .island = static_cast<std::uint32_t>(island),
                             .item = static_cast<std::uint32_t>(index)});
        space::Genotype genotype = first;
        if (index > 0 || !(is_given || is_related)) {
            if (!is_related) genotype = space.sample(random);
            for (int pass = 0; pass < variation.founder_mutations; ++pass)
                genotype = space.mutate(genotype, variation.mutation_rate, random);
        }
        genotype =
            made_distinct(space, std::move(genotype), population, {variation.mutation_rate, founder_tries}, random);
        population.push_back(newborn(std::move(genotype), 0, island, index));
    }
    return population;
}

Population Evolution::next(Population population, int island, int generation, const Surrogate* surrogate) const {
    const auto& [space, costs, selection, options, seed, islands] = setting_;
    ATNAS_EXPECT(!population.empty());
    ATNAS_EXPECT(island >= 0 && island < islands);
    const auto size = static_cast<std::size_t>(options.population);

    selection.rank(population);
    if (options.kind == Kind::fixed) {
        for (Individual& member : population) ++member.age;
        return population;
    }
    Population next = selection.survivors(population, size - static_cast<std::size_t>(options.variation.offspring));
    for (Individual& survivor : next) ++survivor.age;
    for (int index = 0; next.size() < size; ++index) {
        Child born = chosen_child({population, next, island, generation}, index, surrogate);
        next.push_back(newborn(std::move(born.genotype), generation + 1, island, index));
        next.back().parents = born.parents;
    }
    return next;
}

Evolution::Child Evolution::child(const Population& population, RandomStream& choice, RandomStream& random) const {
    const auto& [space, costs, selection, options, seed, islands] = setting_;
    const VariationOptions& variation = options.variation;
    if (options.kind == Kind::random) return {space.sample(random)};
    const bool is_local = options.kind == Kind::local;
    const std::size_t mother = is_local ? 0 : selection.parent(population, std::nullopt, choice);
    const space::Genotype& genes = population[mother].genotype;
    if (is_local || population.size() == 1 || !random.chance(variation.crossover_rate))
        return {space.mutate(genes, variation.mutation_rate, random), {population[mother].id, -1}};
    const std::size_t father = selection.parent(population, mother, choice);
    return {recombined(space, genes, population[father].genotype, variation.mutation_rate, random),
            {population[mother].id, population[father].id}};
}

Evolution::Child Evolution::distinct_child(const Brood& brood, std::uint32_t item) const {
    RandomKey key{.seed = setting_.seed,
                  .purpose = Purpose::selection,
                  .island = static_cast<std::uint32_t>(brood.island),
                  .iteration = static_cast<std::uint32_t>(brood.generation),
                  .item = item};
    RandomStream choice(key);
    key.purpose = Purpose::variation;
    RandomStream random(key);
    Child born = child(brood.parents, choice, random);
    born.genotype = made_distinct(setting_.space, std::move(born.genotype), brood.siblings,
                                  {setting_.options.variation.mutation_rate, child_tries}, random);
    return born;
}

Evolution::Child Evolution::chosen_child(const Brood& brood, int index, const Surrogate* surrogate) const {
    const auto first = static_cast<std::uint32_t>(index);
    Child best = distinct_child(brood, first);
    if (surrogate == nullptr) return best;
    const auto prediction = [&](const Child& child) {
        return surrogate->predict(setting_.space.canonical(child.genotype));
    };
    double most = prediction(best);
    for (int draw = 1; draw < setting_.options.surrogate.children; ++draw) {
        // Beyond the items of other children.
        Child other = distinct_child(brood, static_cast<std::uint32_t>(draw * largest_population) + first);
        const double value = prediction(other);
        if (!(value > most)) continue;
        most = value;
        best = std::move(other);
    }
    return best;
}

Individual Evolution::newborn(space::Genotype genotype, int birth, int island, int index) const {
    ATNAS_EXPECT(index >= 0 && index < largest_population);
    const space::Cost cost = setting_.costs.subnet(genotype);
    return {.genotype = std::move(genotype),
            .birth = birth,
            .id = (static_cast<std::int64_t>(birth) * setting_.islands + island) * largest_population + index,
            .parameters = cost.parameters,
            .macs = cost.macs,
            .memory = cost.memory};
}

}  // namespace atnas::evo
