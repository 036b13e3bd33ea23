#include "atnas/comm/exchange.hpp"

#include <gtest/gtest.h>

#include "atnas/comm/island_map.hpp"

namespace atnas::comm {
namespace {

/// What island \p from has to say to \p to: long for some pairs, nothing for others.
std::vector<std::byte> message(int from, int to) {
    const int length = (from + 2 * to) % 3 == 0 ? 0 : 1 + 700 * from + 11 * to;
    return std::vector<std::byte>(static_cast<std::size_t>(length), static_cast<std::byte>(16 * from + to));
}

TEST(ExchangeMpi, EveryIslandHearsEveryIsland) {
    const Communicator world = Communicator::world();
    for (int islands : {1, 2, 3, 4, 5, 7}) {  // even and uneven blocks on 2 and 3 ranks
        if (islands < world.size()) continue;
        const IslandBlock block = islands_of(world.rank(), world.size(), islands);
        std::vector<Parcel> outgoing;
        for (int from = block.first + block.count - 1; from >= block.first; --from) {
            for (int to = islands - 1; to >= 0; --to) outgoing.push_back({from, to, message(from, to)});
        }
        const std::vector<Parcel> arrived = exchange(world, islands, std::move(outgoing));
        ASSERT_EQ(arrived.size(), static_cast<std::size_t>(islands * block.count));
        std::size_t next = 0;
        for (int to = block.first; to < block.first + block.count; ++to) {
            for (int from = 0; from < islands; ++from, ++next) {
                EXPECT_EQ(arrived[next].to, to);
                EXPECT_EQ(arrived[next].from, from);
                EXPECT_EQ(arrived[next].bytes, message(from, to));
            }
        }
    }
}

TEST(ExchangeMpi, RingWithoutAnythingElse) {
    const Communicator world = Communicator::world();
    const int islands = 5;
    const IslandBlock block = islands_of(world.rank(), world.size(), islands);
    std::vector<Parcel> outgoing;
    for (int from = block.first; from < block.first + block.count; ++from) {
        outgoing.push_back({from, (from + 1) % islands, message(from, from)});
    }
    const std::vector<Parcel> arrived = exchange(world, islands, std::move(outgoing));
    ASSERT_EQ(arrived.size(), static_cast<std::size_t>(block.count));
    for (const Parcel& parcel : arrived) {
        EXPECT_EQ(parcel.from, (parcel.to + islands - 1) % islands);
        EXPECT_EQ(parcel.bytes, message(parcel.from, parcel.from));
    }
}

TEST(ExchangeMpi, NobodySends) {
    const Communicator world = Communicator::world();
    EXPECT_TRUE(exchange(world, 5, {}).empty());
}

/// Only the first island speaks, to the last: one rank sends, another receives, the rest do nothing.
TEST(ExchangeMpi, OnePair) {
    const Communicator world = Communicator::world();
    std::vector<Parcel> outgoing;
    if (world.is_root()) outgoing.push_back({0, 4, std::vector<std::byte>(100000, std::byte{7})});
    const std::vector<Parcel> arrived = exchange(world, 5, std::move(outgoing));
    if (world.rank() == world.size() - 1) {
        ASSERT_EQ(arrived.size(), 1u);
        EXPECT_EQ(arrived[0].bytes, std::vector<std::byte>(100000, std::byte{7}));
    } else {
        EXPECT_TRUE(arrived.empty());
    }
}

}  // namespace
}  // namespace atnas::comm
