#include "atnas/comm/exchange.hpp"

#include <gtest/gtest.h>

namespace atnas::comm {
namespace {

std::vector<std::byte> bytes(std::initializer_list<int> values) {
    std::vector<std::byte> result;
    for (int value : values) result.push_back(static_cast<std::byte>(value));
    return result;
}

TEST(Exchange, DeliversInOrderOfReceiverThenSender) {
    const Communicator alone;
    std::vector<Parcel> outgoing;
    outgoing.push_back({2, 1, bytes({21})});
    outgoing.push_back({0, 1, bytes({1, 2, 3})});
    outgoing.push_back({1, 0, bytes({})});
    outgoing.push_back({0, 1, bytes({4})});
    const std::vector<Parcel> arrived = exchange(alone, 3, std::move(outgoing));
    ASSERT_EQ(arrived.size(), 4u);
    EXPECT_EQ(arrived[0].to, 0);
    EXPECT_EQ(arrived[0].from, 1);
    EXPECT_TRUE(arrived[0].bytes.empty());
    EXPECT_EQ(arrived[1].from, 0);
    EXPECT_EQ(arrived[1].bytes, bytes({1, 2, 3}));
    EXPECT_EQ(arrived[2].bytes, bytes({4}));  // second of the same pair stays second
    EXPECT_EQ(arrived[3].from, 2);
}

TEST(Exchange, NothingToSend) {
    EXPECT_TRUE(exchange(Communicator(), 2, {}).empty());
}

}  // namespace
}  // namespace atnas::comm
