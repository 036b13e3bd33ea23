// SPDX-License-Identifier: Apache-2.0
// Spaces that have fewer networks than a population has members.

#include <algorithm>
#include <array>
#include <set>

#include "evolution_test.hpp"

namespace atnas::evo {
namespace {

using namespace test;

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

}  // namespace
}  // namespace atnas::evo
