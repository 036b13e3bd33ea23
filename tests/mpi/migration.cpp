// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/migration.hpp"

#include <gtest/gtest.h>

#include "support/small_engine.hpp"

namespace atnas::engine {
namespace {

/// The same search on one rank and on all of them: every rank ends with the same bits, however many there are, and with
/// more ranks than islands or tasks too.
TEST(Migration, AllRanksSearchAsOneDoes) {
    const comm::Communicator world = comm::Communicator::world();
    for (const int islands : {1, 2, 3}) {
        for (const auto scope : {comm::CounterScope::node, comm::CounterScope::rank}) {
            const int batch = scope == comm::CounterScope::node ? SmallEngine::batch : 1;
            const SmallEngineOptions options{
                .islands = islands,
                .batch = batch,
                .scope = scope,
                .pretrain_iterations = islands == 2 ? 2 : 0,
                .statistics = islands == 2 ? meta::Statistics::running : meta::Statistics::query,
                .memory = islands == 3 ? 0.5 : 0.0,
                .caution = islands == 3 ? 1.0 : 0.0,
                .rounds = islands == 3 ? 2 : 1};
            SmallEngine alone(options);
            SmallEngine shared(options, world);
            for (SmallEngine* engine : {&alone, &shared}) {
                for (int generation = 0; generation < 2; ++generation) {
                    engine->iterate();
                    engine->iterate();
                    engine->evolve();
                }
            }
            EXPECT_EQ(shared.weights(), alone.weights()) << islands << " islands";
            EXPECT_EQ(shared.losses, alone.losses);
            EXPECT_EQ(shared.best, alone.best);
            EXPECT_EQ(shared.members(), alone.members());
        }
    }
}

}  // namespace
}  // namespace atnas::engine
