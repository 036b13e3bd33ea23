// SPDX-License-Identifier: Apache-2.0
#include "atnas/supernet/supernet.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "atnas/core/error.hpp"
#include "atnas/core/random.hpp"
#include "atnas/space/cost_model.hpp"
#include "atnas/space/search_space.hpp"

namespace {

using namespace atnas;

/// Multiply-accumulates of one image, from the operations as they run.
std::int64_t macs_of(const nn::Graph& graph, const nn::Manifest& manifest, int way) {
    std::int64_t macs = std::int64_t{graph.features()} * way;
    for (const nn::Node& node : graph.nodes()) {
        if (node.kind != nn::NodeKind::convolution) continue;
        const backend::Shape& output = graph.shape(node.output);
        macs += static_cast<std::int64_t>(manifest.block(node.blocks[0]).shape.count()) * output.h * output.w;
    }
    return macs;
}

std::int64_t parameters_of(const nn::Graph& graph, const nn::Manifest& manifest, int way) {
    std::int64_t parameters = (std::int64_t{graph.features()} + 1) * way;
    for (const nn::BlockId id : graph.blocks())
        parameters += static_cast<std::int64_t>(manifest.block(id).shape.count());
    return parameters;
}

std::vector<space::NetworkOptions> networks() {
    std::vector<space::NetworkOptions> networks;
    for (const auto preset : {space::CellPreset::metanas, space::CellPreset::darts})
        for (const auto stem : {space::Stem::single, space::Stem::pooled})
            for (const auto affine : {space::NormAffine::no, space::NormAffine::yes})
                for (const int growth : {1, 2})
                    for (const auto head : {space::Head::linear, space::Head::proto}) {
                        space::NetworkOptions options;
                        options.cell.preset = preset;
                        options.cell.stem = stem;
                        options.cell.affine = affine;
                        options.cell.growth = growth;
                        options.head = head;
                        options.channels = growth == 2 ? 6 : 5;
                        if (options.channels % 2 != 0 && stem == space::Stem::pooled) options.channels = 4;
                        options.image = {3, 45, 53};
                        options.way = 7;
                        if (growth == 2) {
                            options.cell.cells = 5;
                            options.cell.reductions = {0, 3, 4};
                        }
                        networks.push_back(options);
                    }
    return networks;
}

TEST(Supernet, costs_what_the_cost_model_says) {
    const auto device = backend::make_backend(backend::BackendKind::reference);
    std::uint32_t item = 0;
    for (const space::NetworkOptions& options : networks()) {
        const auto space = space::make_search_space(options);
        const space::CostModel costs(options);
        supernet::Supernet supernet(*device, options, 1);
        RandomStream random({.seed = 3, .purpose = Purpose::path, .item = item++});
        for (int i = 0; i < 5; ++i) {
            const space::Genotype genotype = space->sample(random);
            SCOPED_TRACE(space->to_text(genotype));
            const nn::Graph graph = supernet.graph(genotype);
            const space::Cost cost = costs.subnet(genotype);
            EXPECT_EQ(macs_of(graph, supernet.manifest(), options.way), cost.macs);
            EXPECT_EQ(parameters_of(graph, supernet.manifest(), options.way), cost.parameters);
            if (i > 0) continue;
            const std::int64_t head = (std::int64_t{graph.features()} + 1) * options.way;
            const auto shared = static_cast<std::int64_t>(supernet.manifest().size());
            const std::int64_t scale = options.head == space::Head::proto ? 1 : 0;
            EXPECT_EQ(shared - scale + (options.head == space::Head::linear ? 0 : head), costs.supernet().parameters);
        }
    }
}

TEST(Supernet, conv4_costs_what_the_cost_model_says) {
    const auto device = backend::make_backend(backend::BackendKind::reference);
    for (const auto bias : {space::ConvBias::no, space::ConvBias::yes})
        for (const int size : {28, 84, 43}) {
            space::NetworkOptions options;
            options.kind = "conv4";
            options.conv4.bias = bias;
            options.channels = 12;
            options.head = space::Head::linear;
            options.image = {3, size, size - 5};
            supernet::Supernet supernet(*device, options, 1);
            const nn::Graph graph = supernet.graph({});
            const space::Cost cost = space::CostModel(options).subnet({});
            EXPECT_EQ(macs_of(graph, supernet.manifest(), options.way), cost.macs);
            EXPECT_EQ(static_cast<std::int64_t>(supernet.manifest().size()), cost.parameters);
            EXPECT_EQ(space::CostModel(options).supernet().parameters, cost.parameters);
        }
}

space::NetworkOptions small() {
    space::NetworkOptions options;
    options.channels = 2;
    options.cell.cells = 1;
    options.cell.reductions = {};
    options.image = {1, 5, 5};
    options.way = 2;
    options.head = space::Head::linear;
    return options;
}

TEST(Supernet, refuses_options_that_describe_no_network) {
    const auto device = backend::make_backend(backend::BackendKind::reference);
    auto options = small();
    options.cell.reductions = {4};
    EXPECT_THROW(supernet::Supernet(*device, options, 1), Error);
}

TEST(Supernet, has_the_parameters_of_its_head) {
    const auto device = backend::make_backend(backend::BackendKind::reference);
    auto options = small();
    supernet::Supernet linear(*device, options, 1);
    const auto features = static_cast<int>(linear.manifest().blocks()[linear.manifest().blocks().size() - 2].shape.c);
    const nn::HeadParameters learned = linear.head_parameters(options.way, features);
    ASSERT_EQ(learned.shared.size(), 2u);
    EXPECT_TRUE(learned.own.empty());
    EXPECT_EQ(linear.manifest().block(learned.shared[0]).name, "head/weight");
    EXPECT_EQ(linear.manifest().block(learned.shared[1]).name, "head/bias");
    options.head = space::Head::zero;
    supernet::Supernet zero(*device, options, 1);
    EXPECT_TRUE(zero.head_parameters(9, features).shared.empty()) << "any way will do";
    EXPECT_EQ(zero.manifest().size() + linear.weights().range(learned.shared[0]).count + 2, linear.manifest().size());
}

TEST(Supernet, has_rates_for_all_that_tasks_train) {
    const auto device = backend::make_backend(backend::BackendKind::reference);
    auto options = small();
    options.pretrain_classes = 3;
    for (const auto head : space::all_heads) {
        options.head = head;
        supernet::Supernet without(*device, options, 1);
        EXPECT_FALSE(without.learns_rates());
        supernet::Supernet with(*device, options, 1, 1, {.steps = 3, .initial = 0.25f});
        const auto space = space::make_search_space(options);
        RandomStream random({.seed = 3, .purpose = Purpose::path});
        const nn::Graph graph = with.graph(space->sample(random));
        const nn::HeadParameters parameters = with.head_parameters(options.way, graph.features());
        EXPECT_TRUE(without.rates(graph.blocks(), parameters).empty());
        const auto rates = with.rates(graph.blocks(), parameters);
        ASSERT_EQ(rates.size(), graph.blocks().size() + parameters.shared.size() + parameters.own.size());
        EXPECT_EQ(with.manifest().block(rates[0]).name, "rates/" + with.manifest().block(graph.blocks().front()).name);
        if (!parameters.own.empty()) {
            EXPECT_EQ(with.manifest().block(rates.back()).name, "rates/head/own1");
        }
        for (const nn::BlockId id : rates) {
            EXPECT_EQ(with.manifest().block(id).shape, (backend::Shape{1, 3, 1, 1}));
            EXPECT_FALSE(space::is_drawn(with.manifest().block(id).initial)) << "weight decay would take them to 0";
        }
        // The last of all; what is before them is as it was.
        std::vector<float> expected = nn::download(*device, without.context(), without.weights().values());
        expected.resize(with.weights().size(), 0.25f);
        EXPECT_EQ(nn::download(*device, with.context(), with.weights().values()), expected);
        for (const nn::Block& block : with.manifest().blocks()) EXPECT_FALSE(block.name.starts_with("rates/pretrain"));
    }
}

TEST(Supernet, OfOneNetworkHasItsBlocksAlone) {
    const auto device = backend::make_backend(backend::BackendKind::reference);
    for (const space::NetworkOptions& options : networks()) {
        supernet::Supernet all(*device, options, 1);
        RandomStream random({.seed = 4});
        const space::Genotype genotype = all.space().sample(random);
        supernet::Supernet one = supernet::Supernet::of_one(*device, options, genotype, 1);
        const nn::Graph graph = one.graph(genotype);
        const nn::HeadParameters head = one.head_parameters(options.way, graph.features());
        EXPECT_EQ(one.manifest().blocks().size(), graph.blocks().size() + head.shared.size());
        nn::Manifest whole = all.manifest();
        const std::size_t size = whole.size();
        for (const nn::Block& block : one.manifest().blocks()) whole.require(block.name, block.shape, block.initial);
        EXPECT_EQ(whole.size(), size) << "every block is one of the supernet's";
        EXPECT_LT(one.weights().size(), all.weights().size());
    }
}

}  // namespace
