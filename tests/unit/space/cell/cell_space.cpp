// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/cell/cell_space.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "atnas/core/error.hpp"
#include "atnas/space/bounded_space.hpp"
#include "atnas/space/cell/cell_genotype.hpp"

namespace atnas::space {
namespace {

constexpr CellPreset presets[] = {CellPreset::metanas, CellPreset::darts};

std::vector<std::int8_t> alleles(const Genotype& genotype, const Locus& locus) {
    const auto first = genotype.genes.begin() + locus.first;
    return {first, first + locus.count};
}

/// Legal settings of one locus when all others stay, by trying every pair or gene.
std::set<std::vector<std::int8_t>> settings(const CellSpace& space, Genotype genotype, const Locus& locus) {
    std::set<std::vector<std::int8_t>> legal;
    auto* genes = genotype.genes.data() + locus.first;
    for (int first = -1; first < 12; ++first) {
        for (int second = -1; second < (locus.count == 2 ? 12 : 0); ++second) {
            genes[0] = static_cast<std::int8_t>(first);
            if (locus.count == 2) genes[1] = static_cast<std::int8_t>(second);
            if (space.is_legal(genotype)) legal.insert(alleles(genotype, locus));
        }
    }
    return legal;
}

TEST(CellSpace, LociCoverAllGenesInOrder) {
    for (const CellPreset preset : presets) {
        const CellSpace space({.cell = {.preset = preset}});
        int next = 0;
        for (const Locus& locus : space.loci()) {
            EXPECT_EQ(locus.first, next);
            next += locus.count;
        }
        EXPECT_EQ(next, space.gene_count());
    }
    EXPECT_EQ(CellSpace({.cell = {.preset = CellPreset::metanas}}).loci().size(), 18u);
}

/// How often the operations of a type of cell came up, by node, earlier node and operation.
std::map<std::vector<int>, int> uses_of(const std::vector<CellNode>& nodes) {
    std::map<std::vector<int>, int> uses;
    for (int node = 0; node < static_cast<int>(nodes.size()); ++node) {
        const CellNode& edges = nodes[static_cast<std::size_t>(node)];
        for (const CellEdge& edge : {edges.a, edges.b}) ++uses[{node, edge.from, static_cast<int>(edge.op)}];
    }
    return uses;
}

TEST(CellSpace, FairEncodesUseAllOperationsOfAnEdgeAlike) {
    for (const CellPreset preset : presets) {
        const CellSpace space({.cell = {.preset = preset}});
        const auto ops = ops_of(preset).size();
        for (std::uint64_t round = 0; round < 20; ++round) {
            std::map<std::vector<int>, int> normal, reduction;
            for (std::uint64_t number = round * ops; number < (round + 1) * ops; ++number) {
                const CellGenotype cells = decode(space.fair(number, 7), preset);
                for (const auto& [use, times] : uses_of(cells.normal)) normal[use] += times;
                for (const auto& [use, times] : uses_of(cells.reduction)) reduction[use] += times;
            }
            const auto edges = 2 * static_cast<std::size_t>(nodes_of(preset));
            for (const auto& uses : {normal, reduction}) {
                EXPECT_EQ(uses.size(), edges * ops) << "the edges stay, all their operations come up";
                for (const auto& [use, times] : uses) EXPECT_EQ(times, 1);
            }
        }
    }
}

TEST(CellSpace, FairEncodesUseAllEdgesOfANodeAlike) {
    const CellSpace space({.cell = {.preset = CellPreset::metanas}});
    // 1, 3 and 6 pairs of inputs: after 6 rounds every pair had its turn as often.
    std::map<std::vector<int>, int> uses;
    for (std::uint64_t number = 0; number < 6 * 7; ++number)
        for (const auto& [use, times] : uses_of(decode(space.fair(number, 7), CellPreset::metanas).normal))
            uses[use] += times;
    EXPECT_EQ(uses.size(), (2u + 3u + 4u) * 7u);
    // A node's 12 edges in 6 rounds are spread over its inputs.
    for (const auto& [use, times] : uses) EXPECT_EQ(times, 12 / (use[0] + 2));
    EXPECT_NE(space.fair(0, 7), space.fair(0, 8));
}

TEST(CellSpace, GenesHaveNamesAndValues) {
    for (const CellPreset preset : presets) {
        const CellSpace space({.cell = {.preset = preset}});
        const std::vector<Gene> genes = space.genes();
        ASSERT_EQ(genes.size(), static_cast<std::size_t>(space.gene_count()));
        std::vector<std::size_t> most(genes.size(), 0);
        RandomStream random({.seed = 3});
        for (int i = 0; i < 1000; ++i) {
            const Genotype genotype = space.sample(random);
            for (std::size_t g = 0; g < genes.size(); ++g)
                most[g] = std::max(most[g], static_cast<std::size_t>(genotype.genes[g]));
        }
        std::set<std::string> names;
        for (std::size_t g = 0; g < genes.size(); ++g) {
            names.insert(genes[g].name);
            // The first input is before the second.
            EXPECT_EQ(most[g], genes[g].values.size() - (g % 4 == 0 ? 2 : 1)) << genes[g].name;
            EXPECT_EQ(genes[g].kind, g % 4 < 2 ? GeneKind::connection : GeneKind::operation);
        }
        EXPECT_EQ(names.size(), genes.size());
    }
    const std::vector<Gene> genes = CellSpace({.cell = {.preset = CellPreset::metanas}}).genes();
    EXPECT_EQ(genes[7].name, "normal node 3 operation b");
    EXPECT_EQ(genes[7].values[2], "skip_connect");
    EXPECT_EQ(genes[12].name, "reduction node 2 input a");
    // Of cells that the network has none of.
    const std::vector<Gene> unused = CellSpace({.cell = {.reductions = {}}}).genes();
    EXPECT_EQ(unused[2].values.size(), 7u);
    EXPECT_EQ(unused[14].values, (std::vector<std::string>{"max_pool_3x3"}));
}

TEST(CellSpace, MetaNasHasTwoMillionCellsPerType) {
    const CellSpace space({.cell = {.preset = CellPreset::metanas}});
    RandomStream random({.seed = 3});
    const Genotype base = space.sample(random);
    // Loci are independent of each other, so the members of a cell type are the product over its loci.
    std::int64_t normal = 1;
    std::int64_t reduction = 1;
    for (const Locus& locus : space.loci()) {
        const auto count = static_cast<std::int64_t>(settings(space, base, locus).size());
        (locus.first < 12 ? normal : reduction) *= count;
    }
    EXPECT_EQ(normal, 2117682);
    EXPECT_EQ(reduction, 2117682);
    EXPECT_EQ(1 * 3 * 6 * std::pow(7, 6), 2117682);
}

TEST(CellSpace, SamplesUniformlyOverEveryLocus) {
    for (const CellPreset preset : presets) {
        const CellSpace space({.cell = {.preset = preset}});
        RandomStream random({.seed = 5});
        constexpr int samples = 4000;
        std::vector<std::map<std::vector<std::int8_t>, int>> seen(space.loci().size());
        Genotype last;
        for (int i = 0; i < samples; ++i) {
            last = space.sample(random);
            ASSERT_TRUE(space.is_legal(last));
            for (std::size_t l = 0; l < seen.size(); ++l) ++seen[l][alleles(last, space.loci()[l])];
        }
        for (std::size_t l = 0; l < seen.size(); ++l) {
            const auto legal = settings(space, last, space.loci()[l]);
            ASSERT_EQ(seen[l].size(), legal.size()) << "locus " << l;
            const double share = 1.0 / static_cast<double>(legal.size());
            const double expected = samples * share;
            const double deviation = 5 * std::sqrt(samples * share * (1 - share));
            for (const auto& [value, count] : seen[l]) EXPECT_NEAR(count, expected, deviation + 1e-9) << "locus " << l;
        }
    }
}

TEST(CellSpace, MutationChangesAtLeastOneLocus) {
    for (const CellPreset preset : presets) {
        const CellSpace space({.cell = {.preset = preset}});
        RandomStream random({.seed = 7});
        Genotype genotype = space.sample(random);
        for (int i = 0; i < 500; ++i) {
            const Genotype mutant = space.mutate(genotype, 0.0, random);
            ASSERT_TRUE(space.is_legal(mutant));
            const auto changed = std::ranges::count_if(
                space.loci(), [&](const Locus& l) { return alleles(genotype, l) != alleles(mutant, l); });
            ASSERT_EQ(changed, 1) << "rate 0 still changes exactly one";
            genotype = mutant;
        }
    }
}

TEST(CellSpace, MutationRateOneRedrawsEveryVariableLocus) {
    const CellSpace space({.cell = {.preset = CellPreset::metanas}});
    RandomStream random({.seed = 9});
    const Genotype genotype = space.sample(random);
    for (int i = 0; i < 200; ++i) {
        const Genotype mutant = space.mutate(genotype, 1.0, random);
        ASSERT_TRUE(space.is_legal(mutant));
        for (const Locus& locus : space.loci()) {
            const bool fixed = locus.first == 0 || locus.first == 12;  // the first node has only the cell's inputs
            ASSERT_EQ(alleles(genotype, locus) == alleles(mutant, locus), fixed);
        }
    }
}

TEST(CellSpace, MutationReachesEveryOtherValue) {
    const CellSpace space({.cell = {.preset = CellPreset::darts}});
    RandomStream random({.seed = 11});
    const Genotype genotype = space.sample(random);
    std::vector<std::set<std::vector<std::int8_t>>> seen(space.loci().size());
    for (int i = 0; i < 1000; ++i) {
        const Genotype mutant = space.mutate(genotype, 1.0, random);
        for (std::size_t l = 0; l < seen.size(); ++l) seen[l].insert(alleles(mutant, space.loci()[l]));
    }
    for (std::size_t l = 0; l < seen.size(); ++l) {
        const std::size_t values = settings(space, genotype, space.loci()[l]).size();
        EXPECT_EQ(seen[l].size(), values == 1 ? 1 : values - 1) << "locus " << l;
    }
}

TEST(CellSpace, MutationRateIsPerLocus) {
    const CellSpace space({.cell = {.preset = CellPreset::metanas}});
    RandomStream random({.seed = 13});
    const Genotype genotype = space.sample(random);
    double changed = 0;
    constexpr int mutants = 2000;
    for (int i = 0; i < mutants; ++i) {
        const Genotype mutant = space.mutate(genotype, 0.5, random);
        changed += static_cast<double>(std::ranges::count_if(
            space.loci(), [&](const Locus& l) { return alleles(genotype, l) != alleles(mutant, l); }));
    }
    EXPECT_NEAR(changed / mutants, 0.5 * 16, 0.3);
}

TEST(CellSpace, ExchangingLociStaysLegal) {
    for (const CellPreset preset : presets) {
        const CellSpace space({.cell = {.preset = preset}});
        RandomStream random({.seed = 15});
        for (int i = 0; i < 500; ++i) {
            Genotype child = space.sample(random);
            const Genotype other = space.sample(random);
            for (const Locus& locus : space.loci()) {
                if (random.chance(0.5))
                    std::copy_n(other.genes.begin() + locus.first, locus.count, child.genes.begin() + locus.first);
            }
            ASSERT_TRUE(space.is_legal(child));
        }
    }
}

TEST(CellSpace, TextRoundTrip) {
    for (const CellPreset preset : presets) {
        const CellSpace space({.cell = {.preset = preset}});
        RandomStream random({.seed = 17});
        for (int i = 0; i < 200; ++i) {
            const Genotype genotype = space.sample(random);
            ASSERT_EQ(space.from_text(space.to_text(genotype)), genotype);
        }
    }
}

TEST(CellSpace, DrawsAreFunctionsOfTheStream) {
    const CellSpace space({.cell = {.preset = CellPreset::metanas}});
    RandomStream a({.seed = 21, .item = 2});
    RandomStream b({.seed = 21, .item = 2});
    RandomStream c({.seed = 22, .item = 2});
    const Genotype sample = space.sample(a);
    EXPECT_EQ(sample, space.sample(b));
    EXPECT_NE(sample, space.sample(c));
    EXPECT_EQ(space.mutate(sample, 0.2, a), space.mutate(sample, 0.2, b));
}

TEST(CellSpace, NothingCostsLessThanTheSmallest) {
    for (const CellPreset preset : presets) {
        const NetworkOptions options{.cell = {.preset = preset}};
        const CellSpace space(options);
        const Cost least = cost_of_features(space, options.image, space.smallest());
        RandomStream random({.seed = 2021});
        std::vector<Genotype> others = space.extremes();
        for (int i = 0; i < 100; ++i) others.push_back(space.sample(random));
        for (const Genotype& genotype : others) {
            const Cost cost = cost_of_features(space, options.image, genotype);
            EXPECT_GE(cost.macs, least.macs);
            EXPECT_GE(cost.parameters, least.parameters);
        }
    }
}

TEST(CellSpace, ExtremesUseEveryOperationAtEveryKindOfPlace) {
    for (const CellPreset preset : presets) {
        const CellSpace space({.cell = {.preset = preset}});
        std::set<std::pair<CellOp, bool>> seen;  // operation, from an input of the cell?
        for (const Genotype& genotype : space.extremes()) {
            ASSERT_TRUE(space.is_legal(genotype));
            const CellGenotype cells = decode(genotype, preset);
            EXPECT_EQ(cells.normal, cells.reduction);
            for (const CellNode& node : cells.normal)
                for (const CellEdge& edge : {node.a, node.b}) seen.emplace(edge.op, edge.from < 2);
        }
        for (const CellOp op : ops_of(preset))
            for (const bool from_input : {false, true})
                EXPECT_EQ(seen.contains({op, from_input}), op != CellOp::none) << name_of(op) << from_input;
    }
}

TEST(CellSpace, CanonicalFixesWhereNothingComesFrom) {
    const CellSpace space({.cell = {.preset = CellPreset::darts}});
    const auto canonical = [&](const std::string& last_node) {
        const std::string rest = "skip_connect:0+skip_connect:1|skip_connect:0+skip_connect:1|none:1+none:2|";
        const std::string text = space.to_text(
            space.canonical(space.from_text("normal=" + rest + last_node + ";reduce=" + rest + last_node)));
        return text.substr(text.rfind('|') + 1);
    };
    EXPECT_EQ(canonical("none:2+none:4"), "none:0+none:1");
    EXPECT_EQ(canonical("sep_conv_3x3:0+none:4"), "sep_conv_3x3:0+none:1");
    EXPECT_EQ(canonical("sep_conv_3x3:2+none:4"), "none:0+sep_conv_3x3:2");
    EXPECT_EQ(canonical("none:2+sep_conv_3x3:4"), "none:0+sep_conv_3x3:4");
    EXPECT_EQ(canonical("skip_connect:2+sep_conv_3x3:4"), "skip_connect:2+sep_conv_3x3:4");
}

TEST(CellSpace, CanonicalFixesCellsThatTheNetworkDoesNotHave) {
    const std::string unused =
        "max_pool_3x3:0+max_pool_3x3:1|max_pool_3x3:0+max_pool_3x3:1|max_pool_3x3:0+max_pool_3x3:1";
    const auto canonical = [](const std::vector<int>& reductions) {
        const CellSpace space({.cell = {.cells = 2, .reductions = reductions}});
        return space.to_text(space.canonical(space.from_text("og_v2")));
    };
    const CellSpace space({});
    const std::string text = space.to_text(space.from_text("og_v2"));
    const auto middle = text.find(';');
    EXPECT_EQ(canonical({1}), text);
    EXPECT_EQ(canonical({}), text.substr(0, middle) + ";reduce=" + unused);
    EXPECT_EQ(canonical({0, 1}), "normal=" + unused + text.substr(middle));
}

}  // namespace
}  // namespace atnas::space
