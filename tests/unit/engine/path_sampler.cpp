// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/path_sampler.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "support/small_engine.hpp"

namespace atnas::engine {
namespace {

class PathSamplerTest : public testing::Test {
  protected:
    std::vector<space::Genotype> paths(const PathOptions& options, int iteration = 0, double mutation_rate = 0.5) {
        const PathSampler sampler(engine_.net.space(), options, mutation_rate, 7);
        std::vector<space::Genotype> paths;
        for (int task = 0; task < 40; ++task) paths.push_back(sampler.choose(island(), place(iteration, task)));
        return paths;
    }
    /// Of iterations of 40 tasks.
    static TaskPlace place(int iteration, int task) {
        return {iteration, task, static_cast<std::uint64_t>(40 * iteration + task)};
    }
    Island& island() { return engine_.islands[1]; }
    const evo::Individual* member_like(const space::Genotype& genotype) {
        const auto found = std::ranges::find(island().population(), genotype, &evo::Individual::genotype);
        return found == island().population().end() ? nullptr : &*found;
    }
    /// How many of the paths are members.
    long members(const std::vector<space::Genotype>& paths) {
        return std::ranges::count_if(paths, [&](const space::Genotype& path) { return member_like(path) != nullptr; });
    }

    /// With the member that it is most like, of 24, on average.
    double genes_in_common(const std::vector<space::Genotype>& paths) {
        double sum = 0;
        for (const space::Genotype& path : paths) {
            int most = 0;
            for (const evo::Individual& member : island().population()) {
                int equal = 0;
                for (std::size_t g = 0; g < path.genes.size(); ++g)
                    equal += path.genes[g] == member.genotype.genes[g] ? 1 : 0;
                most = std::max(most, equal);
            }
            sum += most;
        }
        return sum / static_cast<double>(paths.size());
    }

    SmallEngine engine_;
};

TEST_F(PathSamplerTest, TrainsMembersAndTellsTheirWork) {
    const auto chosen = paths({});
    EXPECT_EQ(members(chosen), 40);
    const PathSampler sampler(engine_.net.space(), {}, 0.5, 7);
    for (int task = 0; task < 40; ++task)
        EXPECT_EQ(sampler.expected_macs(island(), place(0, task)),
                  static_cast<double>(member_like(chosen[static_cast<std::size_t>(task)])->macs));
    for (const evo::Individual& member : island().population())
        EXPECT_NE(std::ranges::find(chosen, member.genotype), chosen.end());
}

TEST_F(PathSamplerTest, ExploresWhereTheDeckSaysSo) {
    for (const Explore explore : {Explore::mutant, Explore::uniform, Explore::fair}) {
        const PathOptions never{.sample_population = 0, .sample_population_start = 0, .explore = explore};
        const auto chosen = paths(never);
        EXPECT_LT(members(chosen), 10);
        for (const space::Genotype& path : chosen) EXPECT_TRUE(engine_.net.space().is_legal(path));
        EXPECT_GT(PathSampler(engine_.net.space(), never, 0.5, 7).expected_macs(island(), place(0, 0)), 0);
    }
    // Mutants are like their parents, others are not.
    const PathOptions mutants{.sample_population = 0, .sample_population_start = 0};
    const PathOptions uniform{.sample_population = 0, .sample_population_start = 0, .explore = Explore::uniform};
    EXPECT_GT(genes_in_common(paths(mutants, 0, 0.02)), 20);
    EXPECT_LT(genes_in_common(paths(uniform, 0, 0.02)), 16);
}

TEST_F(PathSamplerTest, FairPathsTrainAllOperationsAlikeOverAllIslands) {
    const PathOptions options{.sample_population = 0, .sample_population_start = 0, .explore = Explore::fair};
    const PathSampler sampler(engine_.net.space(), options, 0.5, 7);
    const std::vector<space::Gene> genes = engine_.net.space().genes();
    std::vector<std::vector<int>> times(genes.size());
    for (std::size_t g = 0; g < genes.size(); ++g) times[g].resize(genes[g].values.size());
    // Iterations of 6 tasks, each on any island: rounds of 7 do not begin with them.
    for (std::uint64_t number = 0; number < 7 * 6; ++number) {
        const Island& island = engine_.islands[number % engine_.islands.size()];
        const auto path = sampler.choose(island, {static_cast<int>(number / 6), static_cast<int>(number % 3), number});
        for (std::size_t g = 0; g < genes.size(); ++g) ++times[g][static_cast<std::size_t>(path.genes[g])];
    }
    for (std::size_t g = 0; g < genes.size(); ++g) {
        if (genes[g].kind != space::GeneKind::operation) continue;
        EXPECT_EQ(times[g], std::vector<int>(7, 6)) << genes[g].name;
    }
}

TEST_F(PathSamplerTest, IsAFunctionOfItsKey) {
    const PathOptions half{.sample_population = 0.5, .sample_population_start = 0.5};
    EXPECT_EQ(paths(half, 3), paths(half, 3));
    EXPECT_NE(paths(half, 3), paths(half, 4));
}

TEST(PathOptions, TheChanceOfThePopulationRampsUp) {
    PathOptions options{.sample_population = 1.0, .sample_population_start = 0.2};
    EXPECT_EQ(options.chance_of_population(0), 1.0);  // no ramp
    options.sample_ramp = 100;
    EXPECT_DOUBLE_EQ(options.chance_of_population(0), 0.2);
    EXPECT_DOUBLE_EQ(options.chance_of_population(50), 0.6);
    EXPECT_DOUBLE_EQ(options.chance_of_population(100), 1.0);
    EXPECT_DOUBLE_EQ(options.chance_of_population(5000), 1.0);
}

TEST(PathOptions, NothingButMembersTrainOnceThereAreFinalists) {
    const PathOptions options{.sample_population = 0.5, .sample_population_start = 0.2, .finalists_from = 60};
    EXPECT_EQ(options.chance_of_population(59), 0.5);
    EXPECT_EQ(options.chance_of_population(60), 1.0);
}

}  // namespace
}  // namespace atnas::engine
