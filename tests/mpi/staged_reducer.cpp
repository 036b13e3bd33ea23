#include "atnas/comm/staged_reducer.hpp"

#include <gtest/gtest.h>

#include "atnas/comm/island_map.hpp"

#include "float_buffer.hpp"

namespace atnas::comm {
namespace {

/// The reference backend stands in for a device: nothing here asks where the memory lies.
TEST(StagedReducer, HasTheBitsOfTheMpiReducers) {
    const Communicator world = Communicator::world();
    const auto backend = backend::make_backend(backend::BackendKind::reference);
    const auto context = backend->make_context();
    for (const std::size_t size : {1u, 3001u}) {
        const backend::Shape shape{1, 1, 1, static_cast<int>(size)};
        for (int islands = world.size(); islands <= 5; ++islands) {
            const IslandBlock block = islands_of(world.rank(), world.size(), islands);
            std::vector<std::unique_ptr<backend::Buffer>> owned;
            std::vector<const backend::Buffer*> mine;
            for (int i = 0; i < block.count; ++i) {
                owned.push_back(backend->allocate(size));
                mine.push_back(owned.back().get());
                const std::vector<float> values = test::island_values(block.first + i, size);
                backend->write(*context, backend::view(*owned.back(), 0, shape), std::span(values));
            }
            const auto total = backend->allocate(size);
            for (const ReductionOrder order : {ReductionOrder::ordered, ReductionOrder::fast}) {
                test::FloatBuffer expected{std::vector<float>(size)};
                make_host_reducer(world, islands, order)->sum(*context, mine, expected);
                backend->fill(*context, *total, {0, size}, -1.0);
                const auto reducer = make_staged_reducer(world, *backend, islands, order);
                reducer->begin(mine, *total);
                reducer->ready(*context, 0);
                reducer->finish(*context);
                std::vector<float> sums(size);
                backend->read(*context, backend::view(*total, 0, shape), std::span(sums));
                EXPECT_EQ(test::bits_of(sums), test::bits_of(expected.values())) << islands << " islands";
                EXPECT_EQ(reducer->figures().bytes, size * sizeof(float));
            }
        }
    }
}

}  // namespace
}  // namespace atnas::comm
