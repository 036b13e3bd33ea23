// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/distinct_genotypes.hpp"

#include <algorithm>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "atnas/space/cost_model.hpp"

namespace atnas::engine {
namespace {

/// Of DARTS, whose edges may be without operation: encodes that differ only in where such an edge comes from are one
/// network.
class DistinctGenotypes : public testing::Test {
  protected:
    space::Genotype genotype(const std::string& last_node) const {
        const std::string cell =
            "skip_connect:0+skip_connect:1|skip_connect:0+skip_connect:1|skip_connect:0+skip_connect:1|" + last_node;
        return space_->from_text("normal=" + cell + ";reduce=" + cell);
    }
    evo::Individual member(const std::string& last_node) const {
        const space::Genotype genes = genotype(last_node);
        return {.genotype = genes, .macs = costs_.subnet(genes).macs};
    }

    static std::vector<Island> islands_of(const std::vector<evo::Population>& populations) {
        std::vector<Island> islands;
        for (const evo::Population& population : populations)
            islands.emplace_back(static_cast<int>(islands.size()), population);
        return islands;
    }

    const space::NetworkOptions network_{.channels = 4,
                                         .image = {1, 12, 12},
                                         .cell = {.preset = space::CellPreset::darts, .cells = 2, .reductions = {1}}};
    const std::unique_ptr<space::SearchSpace> space_ = space::make_search_space(network_);
    const space::CostModel costs_{network_};

    const std::string a_ = "sep_conv_3x3:0+none:1";
    const std::string also_a_ = "sep_conv_3x3:0+none:4";
    const std::string b_ = "none:0+sep_conv_5x5:3";
    const std::string also_b_ = "none:2+sep_conv_5x5:3";
    const std::string c_ = "sep_conv_5x5:3+skip_connect:4";
};

TEST_F(DistinctGenotypes, AreInTheOrderOfFirstAppearance) {
    const std::vector<evo::Population> populations{{member(also_b_), member(c_), member(b_)},
                                                   {member(a_), member(c_)},
                                                   {},
                                                   {member(also_a_), member(also_b_), member(a_)}};
    const auto distinct = distinct_genotypes(islands_of(populations), *space_);
    ASSERT_EQ(distinct.genotypes.size(), 3u);
    EXPECT_EQ(distinct.of_member, (std::vector<std::vector<std::size_t>>{{0, 1, 0}, {2, 1}, {}, {2, 0, 2}}));
    const std::vector<std::string> nodes{b_, c_, a_};
    const std::vector<int> islands{0, 0, 1};
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(distinct.genotypes[i].genotype, genotype(nodes[i])) << "the canonical one";
        EXPECT_EQ(distinct.genotypes[i].island, islands[i]);
        EXPECT_EQ(distinct.genotypes[i].macs, costs_.subnet(genotype(nodes[i])).macs);
    }
}

TEST_F(DistinctGenotypes, OfIslandsInAnotherOrderAreAsMany) {
    std::vector<evo::Population> populations{
        {member(b_), member(c_)}, {member(also_b_), member(a_)}, {member(also_a_)}};
    std::ranges::reverse(populations);
    for (evo::Population& population : populations) std::ranges::reverse(population);
    const auto distinct = distinct_genotypes(islands_of(populations), *space_);
    EXPECT_EQ(distinct.genotypes.size(), 3u);
    EXPECT_EQ(distinct.of_member, (std::vector<std::vector<std::size_t>>{{0}, {0, 1}, {2, 1}}));
}

TEST_F(DistinctGenotypes, AreWorkByGenotypeAndEpisodeAtHomeWithTheirFirstIsland) {
    const std::vector<evo::Population> populations{{member(b_)}, {member(a_), member(b_)}, {member(c_)}};
    const auto distinct = distinct_genotypes(islands_of(populations), *space_);
    const std::vector<std::string> nodes{b_, a_, c_};
    for (const int ranks : {1, 2, 3, 7}) {
        const auto items = evaluation_items(distinct, std::vector<std::size_t>{0, 1, 2}, 2, ranks);
        ASSERT_EQ(items.size(), 6u);
        for (int g = 0; g < 3; ++g)
            for (int episode = 0; episode < 2; ++episode) {
                const auto& item = items[static_cast<std::size_t>(2 * g + episode)];
                EXPECT_EQ(item.home, comm::home_of(g, 3, ranks));
                EXPECT_EQ(item.cost,
                          static_cast<double>(costs_.subnet(genotype(nodes[static_cast<std::size_t>(g)])).macs));
            }
    }
}

TEST_F(DistinctGenotypes, OnlyThoseChosenAreWork) {
    const std::vector<evo::Population> populations{{member(b_)}, {member(a_), member(b_)}, {member(c_)}};
    const auto distinct = distinct_genotypes(islands_of(populations), *space_);
    const auto items = evaluation_items(distinct, std::vector<std::size_t>{0, 2}, 3, 3);
    ASSERT_EQ(items.size(), 6u);
    for (std::size_t i = 0; i < 6; ++i) {
        EXPECT_EQ(items[i].home, comm::home_of(i < 3 ? 0 : 2, 3, 3));
        EXPECT_EQ(items[i].cost, static_cast<double>(costs_.subnet(genotype(i < 3 ? b_ : c_)).macs));
    }
}

TEST_F(DistinctGenotypes, OfNobodyAreNone) {
    const auto distinct = distinct_genotypes({}, *space_);
    EXPECT_TRUE(distinct.genotypes.empty());
    EXPECT_TRUE(evaluation_items(distinct, {}, 3, 2).empty());
}

}  // namespace
}  // namespace atnas::engine
