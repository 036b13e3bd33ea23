#include "atnas/comm/gradient_reducer.hpp"

#include <gtest/gtest.h>

#include "atnas/comm/island_map.hpp"

#include "float_buffer.hpp"

namespace atnas::comm {
namespace {

using test::FloatBuffer;

/// This rank's islands with the values of test::island_values.
struct Islands {
    Islands(const Communicator& world, int islands, std::size_t size) {
        const IslandBlock block = islands_of(world.rank(), world.size(), islands);
        for (int i = 0; i < block.count; ++i) {
            owned.push_back(std::make_unique<FloatBuffer>(test::island_values(block.first + i, size)));
            mine.push_back(owned.back().get());
        }
    }
    std::vector<std::unique_ptr<FloatBuffer>> owned;
    std::vector<const backend::Buffer*> mine;
};

TEST(GradientReducerMpi, OrderedHasTheSameBitsOnEveryNumberOfRanks) {
    const Communicator world = Communicator::world();
    backend::Context nowhere;
    // 1 and 2: some ranks own no element at all.
    for (std::size_t size : {1u, 2u, 7u, 3001u, 20000u}) {
        for (int islands = world.size(); islands <= 7; ++islands) {
            const Islands inputs(world, islands, size);
            FloatBuffer total(std::vector<float>(size, -1.0f));
            const auto reducer = make_ordered_reducer(world, islands);
            for (int repeat = 0; repeat < 2; ++repeat) {
                reducer->sum(nowhere, inputs.mine, total);
                EXPECT_EQ(test::bits_of(total.values()), test::bits_of(test::tree_sum(islands, size)))
                    << islands << " islands, " << size << " elements";
            }
        }
    }
}

TEST(GradientReducerMpi, FastAgreesToRounding) {
    const Communicator world = Communicator::world();
    backend::Context nowhere;
    const std::size_t size = 3001;
    for (int islands = world.size(); islands <= 7; ++islands) {
        const Islands inputs(world, islands, size);
        FloatBuffer total(std::vector<float>(size, -1.0f));
        make_fast_reducer(world, islands)->sum(nowhere, inputs.mine, total);
        const std::vector<float> expected = test::tree_sum(islands, size);
        for (std::size_t i = 0; i < size; ++i) ASSERT_NEAR(total.values()[i], expected[i], 1e-3) << islands;
    }
}

}  // namespace
}  // namespace atnas::comm
