#include "atnas/comm/gradient_reducer.hpp"

#include <gtest/gtest.h>

#include "../../mpi/float_buffer.hpp"

namespace atnas::comm {
namespace {

using test::FloatBuffer;

/// All islands on one rank; sizes below, at and beyond the tile the reducer works in.
class SerialReducer : public testing::TestWithParam<std::size_t> {};

TEST_P(SerialReducer, OrderedIsTheTreeBitForBit) {
    const std::size_t size = GetParam();
    const Communicator alone;
    backend::Context nowhere;
    for (int islands = 1; islands <= 9; ++islands) {
        std::vector<std::unique_ptr<FloatBuffer>> buffers;
        std::vector<const backend::Buffer*> mine;
        for (int i = 0; i < islands; ++i) {
            mine.push_back(buffers.emplace_back(std::make_unique<FloatBuffer>(test::island_values(i, size))).get());
        }
        FloatBuffer total(std::vector<float>(size, 99.0f));
        const auto reducer = make_ordered_reducer(alone, islands);
        for (int repeat = 0; repeat < 2; ++repeat) {
            reducer->sum(nowhere, mine, total);
            EXPECT_EQ(test::bits_of(total.values()), test::bits_of(test::tree_sum(islands, size))) << islands;
        }
        for (int i = 0; i < islands; ++i) {
            EXPECT_EQ(buffers[static_cast<std::size_t>(i)]->values(), test::island_values(i, size)) << "input changed";
        }
    }
}

TEST_P(SerialReducer, FastIsTheSum) {
    const std::size_t size = GetParam();
    const Communicator alone;
    backend::Context nowhere;
    FloatBuffer a{std::vector<float>(size, 1.25f)};
    FloatBuffer b{std::vector<float>(size, -0.5f)};
    FloatBuffer total{std::vector<float>(size)};
    const std::vector<const backend::Buffer*> mine{&a, &b};
    make_fast_reducer(alone, 2)->sum(nowhere, mine, total);
    EXPECT_EQ(total.values(), std::vector<float>(size, 0.75f));
}

INSTANTIATE_TEST_SUITE_P(Sizes, SerialReducer, testing::Values(1, 5, 2048, 5001));

}  // namespace
}  // namespace atnas::comm
