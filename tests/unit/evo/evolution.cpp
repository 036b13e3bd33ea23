// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/evolution.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace atnas::evo {
namespace {

constexpr std::uint64_t seed = 2021;

/// The encodes that differ from og_v2 in their last operation alone: so few that duplicates are the rule.
class TinySpace final : public space::SearchSpace {
  public:
    TinySpace(const space::SearchSpace& cells, int values) : base_(cells.from_text("og_v2")), values_(values) {}

    std::string name() const override { return "tiny"; }
    int gene_count() const override { return 24; }
    std::span<const space::Locus> loci() const override { return loci_; }
    std::vector<space::Gene> genes() const override { return {}; }
    bool is_legal(const space::Genotype& genotype) const override {
        return genotype == with(genotype.genes.back()) && genotype.genes.back() < values_;
    }
    space::Genotype sample(RandomStream& random) const override { return with(draw(values_, random)); }
    space::Genotype fair(std::uint64_t, std::uint64_t) const override { return base_; }
    space::Genotype mutate(const space::Genotype& genotype, double, RandomStream& random) const override {
        if (values_ == 1) return genotype;
        return with((genotype.genes.back() + 1 + draw(values_ - 1, random)) % values_);
    }
    space::Genotype canonical(const space::Genotype& genotype) const override { return genotype; }
    space::Genotype smallest() const override { return base_; }
    std::vector<space::Genotype> extremes() const override { return {base_}; }
    void build(const space::Genotype&, space::NetworkBuilder&) const override {}
    void build_supernet(space::NetworkBuilder&) const override {}
    std::string to_text(const space::Genotype&) const override { return "tiny"; }
    space::Genotype from_text(const std::string&) const override { return base_; }

  private:
    static int draw(int count, RandomStream& random) {
        return static_cast<int>(random.index(static_cast<std::uint32_t>(count)));
    }
    space::Genotype with(int value) const {
        space::Genotype genotype = base_;
        genotype.genes.back() = static_cast<std::int8_t>(value);
        return genotype;
    }

    space::Genotype base_;
    int values_;
    std::array<space::Locus, 2> loci_{space::Locus{0, 23}, space::Locus{23, 1}};
};

class EvolutionTest : public testing::Test {
  protected:
    EvolutionSetting setting(const EvolutionOptions& options, std::uint64_t a_seed = seed, int islands = 3) const {
        return {*space, costs, *selection, options, a_seed, islands};
    }
    /// Selection as the options of the setting say.
    static Population next(EvolutionSetting setting, const Population& population, int island, int generation) {
        const auto selection = make_selection(setting.options.selection);
        const EvolutionSetting with_selection{setting.space,   setting.costs, *selection,
                                              setting.options, setting.seed,  setting.islands};
        return Evolution(with_selection).next(population, island, generation);
    }
    Population found(const EvolutionOptions& options, int island = 0, int islands = 3,
                     const space::Genotype& founder = {}) const {
        return Evolution(setting(options, seed, islands)).found(island, founder);
    }
    /// A founded population whose fitness is \p fitness of the member's place.
    template <class Fitness>
    Population evaluated(const EvolutionOptions& options, Fitness fitness) const {
        Population population = found(options);
        for (std::size_t i = 0; i < population.size(); ++i) population[i].fitness = fitness(i);
        return population;
    }
    Population next(const EvolutionOptions& options, const Population& population, int generation = 0) const {
        return next(setting(options), population, 0, generation);
    }
    int distance(const space::Genotype& a, const space::Genotype& b) const {
        int differing = 0;
        for (const space::Locus& locus : space->loci()) {
            differing += !std::equal(a.genes.begin() + locus.first, a.genes.begin() + locus.first + locus.count,
                                     b.genes.begin() + locus.first);
        }
        return differing;
    }

    space::NetworkOptions network{};
    std::unique_ptr<space::SearchSpace> space = space::make_search_space(network);
    space::CostModel costs{network};
    std::unique_ptr<Selection> selection = make_selection({});
};

std::set<space::Genotype> genotypes(const Population& population) {
    std::set<space::Genotype> all;
    for (const Individual& member : population) all.insert(member.genotype);
    return all;
}

std::vector<std::int64_t> ids(const Population& population) {
    std::vector<std::int64_t> all;
    for (const Individual& member : population) all.push_back(member.id);
    return all;
}

double by_place(std::size_t place) {
    return 1.0 - 0.01 * static_cast<double>(place);
}

TEST_F(EvolutionTest, FoundersAreMutantsOfOneEncodeThatAllIslandsShare) {
    const EvolutionOptions options{.population = 16, .variation = {.mutation_rate = 0, .founder_mutations = 2}};
    const Population a = found(options, 0);
    const Population b = found(options, 1);
    ASSERT_EQ(a.size(), 16u);
    EXPECT_EQ(a[0].genotype, b[0].genotype);
    EXPECT_EQ(genotypes(a).size(), 16u);
    EXPECT_EQ(genotypes(b).size(), 16u);
    EXPECT_NE(genotypes(a), genotypes(b));
    int farthest = 0;
    for (const Individual& member : a) farthest = std::max(farthest, distance(a[0].genotype, member.genotype));
    EXPECT_EQ(farthest, 2) << "one locus per pass at rate 0";
}

TEST_F(EvolutionTest, FounderMutationsAct) {
    const auto mean_distance = [&](int mutations) {
        const Population population =
            found({.population = 32, .variation = {.mutation_rate = 0, .founder_mutations = mutations}});
        double sum = 0;
        for (const Individual& member : population) sum += distance(population[0].genotype, member.genotype);
        return sum / 31;
    };
    EXPECT_LE(mean_distance(1), 2.0);
    EXPECT_GT(mean_distance(4), mean_distance(1) + 1);
    EXPECT_GT(mean_distance(-1), 11) << "unrelated: 16 loci, most of 7 values";
    EXPECT_EQ(genotypes(found({.variation = {.founder_mutations = 0}})).size(), 8u) << "duplicates are mutated apart";
}

TEST_F(EvolutionTest, AGivenFounderIsAMember) {
    const space::Genotype founder = space->from_text("og_v2");
    for (const int mutations : {-1, 0, 2}) {
        for (const int island : {0, 2}) {
            const Population population = found({.variation = {.founder_mutations = mutations}}, island, 3, founder);
            EXPECT_EQ(population[0].genotype, founder);
            EXPECT_EQ(population[0].macs, costs.subnet(founder).macs);
            EXPECT_EQ(genotypes(population).size(), 8u);
        }
    }
}

TEST_F(EvolutionTest, FoundersHaveIdsCostsAndNoHistory) {
    std::set<std::int64_t> seen;
    for (int island = 0; island < 3; ++island) {
        const Population population = found({}, island);
        for (std::size_t i = 0; i < population.size(); ++i) {
            const Individual& member = population[i];
            EXPECT_EQ(member.id, island * 4096 + static_cast<std::int64_t>(i));
            EXPECT_EQ(member.birth, 0);
            EXPECT_EQ(member.age, 0);
            EXPECT_EQ(member.parents[0], -1);
            EXPECT_TRUE(std::isnan(member.fitness));
            EXPECT_EQ(member.parameters, costs.subnet(member.genotype).parameters);
            seen.insert(member.id);
        }
    }
    EXPECT_EQ(seen.size(), 24u);
}

TEST_F(EvolutionTest, FoundingIsAFunctionOfSeedAndIsland) {
    EXPECT_EQ(genotypes(found({})), genotypes(found({})));
    const Population other = Evolution(setting({}, seed + 1)).found(0);
    EXPECT_NE(other[0].genotype, found({})[0].genotype);
    EXPECT_EQ(found({.population = 8})[7].genotype, found({.population = 9})[7].genotype);
    const EvolutionOptions unrelated{.variation = {.founder_mutations = -1}};
    EXPECT_NE(found(unrelated, 0)[0].genotype, found(unrelated, 1)[0].genotype);
}

TEST_F(EvolutionTest, SurvivorsAreTheBestAndChildrenFillUp) {
    const EvolutionOptions options{.population = 8, .selection = {.elite = 2}, .variation = {.offspring = 3}};
    const Population before = evaluated(options, [](std::size_t i) { return static_cast<double>(i); });
    const Population after = next(options, before, 6);
    ASSERT_EQ(after.size(), 8u);
    for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_EQ(after[i].id, before[7 - i].id);
        EXPECT_EQ(after[i].fitness, before[7 - i].fitness);
        EXPECT_EQ(after[i].age, 1);
        EXPECT_EQ(after[i].birth, 0);
    }
    for (std::size_t i = 5; i < 8; ++i) {
        EXPECT_TRUE(std::isnan(after[i].fitness));
        EXPECT_EQ(after[i].birth, 7);
        EXPECT_EQ(after[i].age, 0);
        EXPECT_EQ(after[i].id, 7 * 3 * 4096 + static_cast<std::int64_t>(i) - 5);
        EXPECT_EQ(after[i].macs, costs.subnet(after[i].genotype).macs);
        const auto known = ids(before);
        EXPECT_NE(std::ranges::find(known, after[i].parents[0]), known.end());
    }
    EXPECT_EQ(genotypes(after).size(), 8u);
}

TEST_F(EvolutionTest, OffspringActs) {
    for (const int offspring : {0, 1, 6}) {
        const EvolutionOptions options{.variation = {.offspring = offspring}};
        const Population after = next(options, evaluated(options, by_place));
        EXPECT_EQ(std::ranges::count(after, 1, &Individual::birth), offspring);
        EXPECT_EQ(after.size(), 8u);
    }
}

TEST_F(EvolutionTest, MembersOverAgeDieUnlessElite) {
    EvolutionOptions options{.selection = {.elite = 1, .max_age = 3}, .variation = {.offspring = 2}};
    Population before = evaluated(options, by_place);
    const int ages[] = {9, 3, 2, 9, 0, 1, 4, 0};
    for (std::size_t i = 0; i < 8; ++i) before[i].age = ages[i];

    const Population after = next(options, before);
    const auto survivors = ids(Population(after.begin(), after.begin() + 5));
    EXPECT_EQ(survivors, (std::vector<std::int64_t>{0, 2, 4, 5, 7})) << "the elite stays, 3 generations are the limit";
    EXPECT_EQ(std::ranges::count(after, 1, &Individual::birth), 3) << "children take the places of the dead";
    EXPECT_EQ(after[1].age, 3);

    options.selection.elite = 0;
    EXPECT_EQ(ids(next(options, before))[0], 2);
    options.selection.max_age = 0;
    EXPECT_EQ(ids(next(options, before))[0], 0);
    EXPECT_EQ(std::ranges::count(next(options, before), 1, &Individual::birth), 2);
}

TEST_F(EvolutionTest, EliteActs) {
    EvolutionOptions options{.selection = {.max_age = 1}, .variation = {.offspring = 4}};
    Population before = evaluated(options, by_place);
    for (Individual& member : before) member.age = 5;
    for (const int elite : {0, 1, 3}) {
        options.selection.elite = elite;
        const Population after = next(options, before);
        EXPECT_EQ(std::ranges::count(after, 0, &Individual::birth), elite);
        EXPECT_EQ(after.size(), 8u);
    }
}

TEST_F(EvolutionTest, CrossoverRateActs) {
    EvolutionOptions options{.population = 64, .selection = {.elite = 0}, .variation = {.offspring = 64}};
    const Population before = evaluated(options, by_place);
    const auto pairs = [&](double rate) {
        options.variation.crossover_rate = rate;
        const Population after = next(options, before);
        for (const Individual& child : after) EXPECT_NE(child.parents[0], child.parents[1]);
        return std::ranges::count_if(after, [](const Individual& child) { return child.parents[1] >= 0; });
    };
    EXPECT_EQ(pairs(0), 0);
    EXPECT_EQ(pairs(1), 64);
    EXPECT_NEAR(static_cast<double>(pairs(0.5)), 32, 12);
}

TEST_F(EvolutionTest, MutationRateActs) {
    EvolutionOptions options{
        .population = 64, .selection = {.elite = 0}, .variation = {.offspring = 64, .crossover_rate = 0}};
    const Population before = evaluated(options, by_place);
    const auto mean_distance = [&](double rate) {
        options.variation.mutation_rate = rate;
        double sum = 0;
        for (const Individual& child : next(options, before)) {
            sum += distance(child.genotype, before[static_cast<std::size_t>(child.parents[0])].genotype);
        }
        return sum / 64;
    };
    EXPECT_NEAR(mean_distance(0), 1, 0.2) << "a child of one parent is always mutated";
    EXPECT_NEAR(mean_distance(0.5), 8, 1);
    EXPECT_EQ(mean_distance(1), 16);
}

TEST_F(EvolutionTest, ChildrenOfTwoAreRecombinedWithoutMutationAtRateZero) {
    const EvolutionOptions options{
        .population = 16,
        .selection = {.elite = 0},
        .variation = {.offspring = 16, .crossover_rate = 1, .mutation_rate = 0, .founder_mutations = -1}};
    const Population before = evaluated(options, by_place);
    for (const Individual& child : next(options, before)) {
        const auto& a = before[static_cast<std::size_t>(child.parents[0])].genotype.genes;
        const auto& b = before[static_cast<std::size_t>(child.parents[1])].genotype.genes;
        for (std::size_t g = 0; g < a.size(); ++g) {
            EXPECT_TRUE(child.genotype.genes[g] == a[g] || child.genotype.genes[g] == b[g]);
        }
    }
}

TEST_F(EvolutionTest, TournamentOptionFavoursTheFit) {
    EvolutionOptions options{.population = 64, .selection = {.elite = 0}, .variation = {.offspring = 64}};
    const Population before = evaluated(options, by_place);
    const auto mean_parent = [&](int contestants) {
        options.selection.tournament = contestants;
        double sum = 0;
        for (const Individual& child : next(options, before)) sum += static_cast<double>(child.parents[0]);
        return sum / 64;
    };
    EXPECT_NEAR(mean_parent(1), 31.5, 8);
    EXPECT_LT(mean_parent(8), 13);
    EXPECT_EQ(mean_parent(64), 0);
}

TEST_F(EvolutionTest, NextPopulationIsAFunctionOfSeedIslandAndGeneration) {
    const EvolutionOptions options{};
    const Population before = evaluated(options, by_place);
    const Population reversed(before.rbegin(), before.rend());
    const auto children = [&](const Population& population, std::uint64_t a_seed, int island, int generation) {
        return genotypes(next(setting(options, a_seed), population, island, generation));
    };
    const auto expected = children(before, seed, 1, 4);
    EXPECT_EQ(children(before, seed, 1, 4), expected);
    EXPECT_EQ(children(reversed, seed, 1, 4), expected) << "the order of members does not matter";
    EXPECT_NE(children(before, seed + 1, 1, 4), expected);
    EXPECT_NE(children(before, seed, 2, 4), expected);
    EXPECT_NE(children(before, seed, 1, 5), expected);
}

TEST_F(EvolutionTest, UnevaluatedMembersGoFirst) {
    const EvolutionOptions options{.selection = {.elite = 1}, .variation = {.offspring = 4}};
    const Population before = evaluated(options, [](std::size_t i) { return i < 4 ? std::nan("") : by_place(i); });
    const Population after = next(options, before);
    EXPECT_EQ(ids(Population(after.begin(), after.begin() + 4)), (std::vector<std::int64_t>{4, 5, 6, 7}));
}

TEST_F(EvolutionTest, ASpaceOfOneNetworkStillEvolves) {
    const space::NetworkOptions conv4{.kind = "conv4"};
    const auto one = space::make_search_space(conv4);
    const space::CostModel conv4_costs(conv4);
    const Evolution evolution({*one, conv4_costs, *selection, {}, seed, 1});
    Population population = evolution.found(0);
    ASSERT_EQ(population.size(), 8u);
    for (Individual& member : population) member.fitness = 0.5;
    population = evolution.next(population, 0, 0);
    ASSERT_EQ(population.size(), 8u);
    EXPECT_EQ(genotypes(population).size(), 1u);
    const auto all = ids(population);
    EXPECT_EQ(std::set<std::int64_t>(all.begin(), all.end()).size(), 8u);
}

TEST_F(EvolutionTest, SmallSpacesAreFilledBeforeAnythingRepeats) {
    for (const int values : {1, 2, 5, 7}) {
        const TinySpace tiny(*space, values);
        for (const int mutations : {-1, 0, 2}) {
            const EvolutionOptions options{.population = 5,
                                           .variation = {.offspring = 3, .founder_mutations = mutations}};
            const Evolution evolution({tiny, costs, *selection, options, seed, 1});
            Population population = evolution.found(0);
            ASSERT_EQ(population.size(), 5u);
            EXPECT_EQ(genotypes(population).size(), static_cast<std::size_t>(std::min(values, 5)));
            population = evolution.next(population, 0, 0);
            EXPECT_EQ(population.size(), 5u) << "duplicates do not keep a generation from ending";
        }
    }
}

TEST(EvolutionOptions, AreChecked) {
    const auto first_problem = [](const EvolutionOptions& options) {
        const auto problems = problems_of(options);
        return problems.empty() ? "" : problems.front().problem;
    };
    EXPECT_EQ(first_problem({}), "");
    EXPECT_EQ(first_problem({.population = 1, .selection = {.elite = 0}, .variation = {.offspring = 1}}), "");
    EXPECT_EQ(first_problem({.population = 0, .selection = {.elite = 0}, .variation = {.offspring = 0}}),
              "population = 0");
    EXPECT_EQ(first_problem({.population = 4097}), "population = 4097");
    EXPECT_EQ(first_problem({.selection = {.elite = -1}}), "elite = -1");
    EXPECT_EQ(first_problem({.selection = {.elite = 5}, .variation = {.offspring = 4}}), "offspring = 4");
    EXPECT_EQ(first_problem({.variation = {.offspring = -1}}), "offspring = -1");
    EXPECT_EQ(first_problem({.selection = {.tournament = 0}}), "tournament = 0");
    EXPECT_EQ(first_problem({.selection = {.max_age = -1}}), "max_age = -1");
    EXPECT_EQ(first_problem({.variation = {.founder_mutations = -2}}), "founder_mutations = -2");
    EXPECT_NE(first_problem({.variation = {.crossover_rate = 1.5}}).find("crossover_rate"), std::string::npos);
    EXPECT_NE(first_problem({.variation = {.mutation_rate = std::nan("")}}).find("mutation_rate"), std::string::npos);
    EXPECT_EQ(problems_of({.selection = {.elite = -1, .tournament = 0, .max_age = -1}}).size(), 3u);
}

}  // namespace
}  // namespace atnas::evo
