// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/latency_table.hpp"

#include <gtest/gtest.h>

#include "support/small_engine.hpp"

namespace atnas::engine {
namespace {

const LatencyOptions brief{.images = 2, .seconds = 0};

TEST(LatencyTable, EveryEncodeIsMeasuredOnce) {
    SmallEngine engine;
    LatencyTable table(engine.net.supernet(), SmallEngine::alone(), brief);
    table.measure(engine.islands);
    for (const Island& island : engine.islands)
        for (const evo::Individual& member : island.population()) {
            EXPECT_GT(member.latency, 0);
            EXPECT_EQ(member.latency, table.known().at(engine.net.space().canonical(member.genotype)));
        }
    const auto before = table.known();
    table.measure(engine.islands);
    EXPECT_EQ(table.known(), before);
    EXPECT_EQ(table.of(engine.islands[0].population()[0].genotype), engine.islands[0].population()[0].latency);
}

TEST(LatencyTable, KnowsWhatItIsGiven) {
    SmallEngine engine;
    const space::Genotype genotype = engine.net.space().canonical(engine.islands[0].population()[0].genotype);
    LatencyTable table(engine.net.supernet(), SmallEngine::alone(), brief);
    table.begin_with({{genotype, 1e9}});
    EXPECT_EQ(table.of(genotype), 1e9);
    table.measure(engine.islands);
    EXPECT_EQ(engine.islands[0].population()[0].latency, 1e9);
    EXPECT_NE(table.place().find("batches of 2"), std::string::npos) << table.place();
    LatencyOptions elsewhere = brief;
    elsewhere.where = "on another host";
    EXPECT_NE(LatencyTable(engine.net.supernet(), SmallEngine::alone(), elsewhere).place(), table.place());
}

TEST(LatencyTable, LargeNetworksTakeLonger) {
    SmallEngine engine;
    bool longer = false;
    // On a busy machine one measurement may be far off.
    for (int i = 0; i < 5 && !longer; ++i) {
        LatencyTable table(engine.net.supernet(), SmallEngine::alone(), brief);
        longer = table.largest() > 2 * table.of(engine.net.space().smallest());
    }
    EXPECT_TRUE(longer);
}

TEST(LatencyTable, LeavesTheWeightsAndThePlansAlone) {
    SmallEngine measured, other;
    measured.iterate();
    other.iterate();
    LatencyTable(measured.net.supernet(), SmallEngine::alone(), brief).measure(measured.islands);
    measured.iterate();
    other.iterate();
    EXPECT_EQ(measured.weights(), other.weights());
}

}  // namespace
}  // namespace atnas::engine
