#include "atnas/evo/variation.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

#include "atnas/core/contract.hpp"

namespace atnas::evo {

namespace {

/// Stream of the founder that all islands share: no member of a population has this index.
constexpr std::uint32_t founder_item = 0xffffffff;
/// A walk of this many mutations finds a free member of any space that has one, however small.
constexpr int founder_retries = 1000;
/// A child that is still a duplicate after this many is let in: diversity is wanted, not owed.
constexpr int child_retries = 10;

bool contains(const Population& population, const space::Genotype& genotype) {
    return std::ranges::find(population, genotype, &Individual::genotype) != population.end();
}

/// Walks away from \p genotype by mutation until it is none of \p members or \p retries are used up.
space::Genotype make_distinct(const space::SearchSpace& space, space::Genotype genotype, const Population& members,
                              double rate, int retries, RandomStream& random) {
    if (space.gene_count() == 0) return genotype;
    for (int retry = 0; retry < retries && contains(members, genotype); ++retry) {
        genotype = space.mutate(genotype, rate, random);
    }
    return genotype;
}

Individual newborn(space::Genotype genotype, const space::CostModel& costs, int birth, int island, int islands,
                   int index) {
    ATNAS_EXPECT(index >= 0 && index < largest_population);
    Individual child;
    const space::Cost cost = costs.subnet(genotype);
    child.genotype = std::move(genotype);
    child.birth = birth;
    child.id = (static_cast<std::int64_t>(birth) * islands + island) * largest_population + index;
    child.parameters = cost.parameters;
    child.macs = cost.macs;
    return child;
}

std::size_t tournament_winner(const Population& population, int contestants, RandomStream& random,
                              std::optional<std::size_t> barred) {
    std::vector<std::size_t> candidates(population.size());
    std::iota(candidates.begin(), candidates.end(), std::size_t{0});
    if (barred) candidates.erase(candidates.begin() + static_cast<std::ptrdiff_t>(*barred));
    ATNAS_EXPECT(!candidates.empty());
    ATNAS_EXPECT(contestants > 0);

    const std::size_t drawn = std::min(static_cast<std::size_t>(contestants), candidates.size());
    std::size_t winner = 0;
    for (std::size_t i = 0; i < drawn; ++i) {
        std::swap(candidates[i], candidates[i + random.index(static_cast<std::uint32_t>(candidates.size() - i))]);
        if (i == 0 || better(population[candidates[i]], population[winner])) winner = candidates[i];
    }
    return winner;
}

/// Whether per-locus mutation at \p rate touches anything: SearchSpace::mutate itself always does.
bool any_locus_mutates(const space::SearchSpace& space, double rate, RandomStream& random) {
    bool any = false;
    for (std::size_t i = 0; i < space.loci().size(); ++i) any |= random.chance(rate);
    return any;
}

/// The elite, whatever their age, then the fittest that are not over age; one generation older.
Population survivors_of(const Population& ranked, const EvolutionOptions& options) {
    const auto places = static_cast<std::size_t>(options.population - options.offspring);
    Population survivors;
    for (std::size_t i = 0; i < ranked.size() && survivors.size() < places; ++i) {
        const bool is_elite = i < static_cast<std::size_t>(options.elite);
        const bool over_age = options.max_age > 0 && ranked[i].age >= options.max_age;
        if (over_age && !is_elite) continue;
        survivors.push_back(ranked[i]);
        ++survivors.back().age;
    }
    return survivors;
}

}  // namespace

std::vector<Problem> problems_of(const EvolutionOptions& options) {
    std::vector<Problem> problems;
    const auto complain = [&](const char* name, auto value, std::string reason, const char* suggestion) {
        problems.push_back({std::string(name) + " = " + std::to_string(value), std::move(reason), suggestion});
    };
    if (options.population < 1 || options.population > largest_population) {
        complain("population", options.population, "an island has 1 to 4096 members", "try 8");
    }
    if (options.elite < 0) complain("elite", options.elite, "it counts members", "try 2");
    if (options.offspring < 0) complain("offspring", options.offspring, "it counts members", "try 4");
    if (options.elite >= 0 && options.offspring >= 0 && options.elite > options.population - options.offspring) {
        complain("offspring", options.offspring,
                 "elite = " + std::to_string(options.elite) +
                     " and offspring together exceed population = " + std::to_string(options.population),
                 "lower one of them or raise the population");
    }
    if (options.tournament < 1) complain("tournament", options.tournament, "somebody has to win", "try 2");
    // Written so that NaN fails too.
    if (!(options.crossover_rate >= 0 && options.crossover_rate <= 1)) {
        complain("crossover_rate", options.crossover_rate, "it is a probability", "use a value from 0 to 1");
    }
    if (!(options.mutation_rate >= 0 && options.mutation_rate <= 1)) {
        complain("mutation_rate", options.mutation_rate, "it is a probability", "use a value from 0 to 1");
    }
    if (options.max_age < 0) complain("max_age", options.max_age, "it counts generations", "use 0 for no limit");
    if (options.founder_mutations < -1) {
        complain("founder_mutations", options.founder_mutations, "it counts mutations",
                 "use -1 for unrelated uniform samples");
    }
    return problems;
}

Population found_population(const space::SearchSpace& space, const space::CostModel& costs,
                            const EvolutionOptions& options, const space::Genotype& founder, std::uint64_t seed,
                            int island, int islands) {
    ATNAS_EXPECT(problems_of(options).empty());
    ATNAS_EXPECT(island >= 0 && island < islands);
    const bool is_given = !founder.genes.empty();
    ATNAS_EXPECT(!is_given || space.is_legal(founder));
    const bool is_related = options.founder_mutations >= 0;

    RandomStream founder_random({.seed = seed, .purpose = Purpose::population, .item = founder_item});
    const space::Genotype first = is_given ? founder : space.sample(founder_random);
    Population population;
    for (int index = 0; index < options.population; ++index) {
        RandomStream random({.seed = seed,
                             .purpose = Purpose::population,
                             .island = static_cast<std::uint32_t>(island),
                             .item = static_cast<std::uint32_t>(index)});
        space::Genotype genotype = first;
        if (index > 0 || !(is_given || is_related)) {
            if (!is_related) genotype = space.sample(random);
            for (int pass = 0; pass < options.founder_mutations; ++pass) {
                genotype = space.mutate(genotype, options.mutation_rate, random);
            }
        }
        genotype =
            make_distinct(space, std::move(genotype), population, options.mutation_rate, founder_retries, random);
        population.push_back(newborn(std::move(genotype), costs, 0, island, islands, index));
    }
    return population;
}

const Individual& tournament(const Population& population, int contestants, RandomStream& random) {
    return population[tournament_winner(population, contestants, random, std::nullopt)];
}

space::Genotype crossover(const space::SearchSpace& space, const space::Genotype& a, const space::Genotype& b,
                          RandomStream& random) {
    ATNAS_EXPECT(space.is_legal(a) && space.is_legal(b));
    space::Genotype child = a;
    for (const space::Locus& locus : space.loci()) {
        if (random.chance(0.5))
            std::copy_n(b.genes.begin() + locus.first, locus.count, child.genes.begin() + locus.first);
    }
    ATNAS_ENSURE(space.is_legal(child));
    return child;
}

Population next_population(const space::SearchSpace& space, const space::CostModel& costs,
                           const EvolutionOptions& options, Population population, std::uint64_t seed, int island,
                           int islands, int generation) {
    ATNAS_EXPECT(problems_of(options).empty());
    ATNAS_EXPECT(!population.empty());
    ATNAS_EXPECT(island >= 0 && island < islands);
    rank(population);
    Population next = survivors_of(population, options);
    for (int index = 0; next.size() < static_cast<std::size_t>(options.population); ++index) {
        const auto stream = [&](Purpose purpose) {
            return RandomStream({seed, purpose, static_cast<std::uint32_t>(island),
                                 static_cast<std::uint32_t>(generation), static_cast<std::uint32_t>(index)});
        };
        RandomStream selection = stream(Purpose::selection);
        RandomStream random = stream(Purpose::variation);

        const std::size_t first = tournament_winner(population, options.tournament, selection, std::nullopt);
        const Individual& mother = population[first];
        space::Genotype genotype = mother.genotype;
        std::int64_t father = -1;
        if (population.size() > 1 && random.chance(options.crossover_rate)) {
            const Individual& other = population[tournament_winner(population, options.tournament, selection, first)];
            father = other.id;
            genotype = crossover(space, mother.genotype, other.genotype, random);
            if (any_locus_mutates(space, options.mutation_rate, random)) {
                genotype = space.mutate(genotype, options.mutation_rate, random);
            }
        } else {
            genotype = space.mutate(genotype, options.mutation_rate, random);
        }
        genotype = make_distinct(space, std::move(genotype), next, options.mutation_rate, child_retries, random);

        Individual child = newborn(std::move(genotype), costs, generation + 1, island, islands, index);
        child.parents[0] = mother.id;
        child.parents[1] = father;
        next.push_back(std::move(child));
    }
    return next;
}

}  // namespace atnas::evo
