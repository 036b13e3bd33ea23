#include "atnas/comm/mailbox.hpp"

#include <gtest/gtest.h>

namespace atnas::comm {
namespace {

std::vector<std::byte> byte(int value) {
    return {static_cast<std::byte>(value)};
}

TEST(Mailbox, AloneParcelsAreThereAtOnceInOrder) {
    Mailbox mailbox(Communicator{}, 3);
    EXPECT_TRUE(mailbox.collect().empty());
    mailbox.send({{2, 1, byte(1)}, {0, 1, byte(2)}, {1, 0, {}}});
    mailbox.send({{0, 1, byte(3)}});
    const auto arrived = mailbox.collect();
    ASSERT_EQ(arrived.size(), 4u);
    EXPECT_EQ(arrived[0].from, 1);
    EXPECT_EQ(arrived[1].bytes, byte(2));
    EXPECT_EQ(arrived[2].bytes, byte(3)) << "the second of one pair stays second";
    EXPECT_EQ(arrived[3].from, 2);
    EXPECT_TRUE(mailbox.collect().empty()) << "nothing arrives twice";
    mailbox.send({{0, 2, byte(4)}});
    EXPECT_EQ(mailbox.settle().size(), 1u);
    EXPECT_TRUE(mailbox.settle().empty());
}

}  // namespace
}  // namespace atnas::comm
