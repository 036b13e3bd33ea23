#include "atnas/comm/mailbox.hpp"

#include <chrono>
#include <iterator>
#include <map>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "atnas/comm/island_map.hpp"

namespace atnas::comm {
namespace {

constexpr int islands = 5;

/// Message number \p number of one island for another; some are too long to leave before they are received.
std::vector<std::byte> message(int from, int to, int number) {
    const int length = (from + to + number) % 4 == 0 ? 300000 : (from + number) % 3;
    return std::vector<std::byte>(static_cast<std::size_t>(length), static_cast<std::byte>(16 * from + to + number));
}

class MailboxMpi : public testing::Test {
  protected:
    bool is_mine(int island) const { return island >= block_.first && island < block_.first + block_.count; }

    std::vector<Parcel> from_all_to_all(int number) const {
        std::vector<Parcel> parcels;
        for (int from = block_.first; from < block_.first + block_.count; ++from) {
            for (int to = 0; to < islands; ++to) parcels.push_back({from, to, message(from, to, number)});
        }
        return parcels;
    }

    /// Every pair's messages, in the order they arrived in.
    void expect_complete(const std::vector<Parcel>& arrived, int numbers) const {
        std::map<std::pair<int, int>, int> next;
        for (const Parcel& parcel : arrived) {
            ASSERT_TRUE(is_mine(parcel.to));
            const int number = next[{parcel.from, parcel.to}]++;
            EXPECT_TRUE(parcel.bytes == message(parcel.from, parcel.to, number))
                << parcel.from << ">" << parcel.to << ", number " << number;
        }
        EXPECT_EQ(arrived.size(), static_cast<std::size_t>(numbers * islands * block_.count));
    }

    Communicator world_ = Communicator::world();
    IslandBlock block_ = islands_of(world_.rank(), world_.size(), islands);
    Mailbox mailbox_{world_, islands};
};

TEST_F(MailboxMpi, SettlingBringsEverythingOnceInOrder) {
    std::vector<Parcel> arrived;
    for (int number = 0; number < 6; ++number) {
        mailbox_.send(from_all_to_all(number));
        // Some ranks look more often than others; what they find depends on timing.
        if (number % (world_.rank() + 1) == 0) {
            auto found = mailbox_.collect();
            arrived.insert(arrived.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
        }
    }
    auto rest = mailbox_.settle();
    for (std::size_t i = 1; i < rest.size(); ++i)
        EXPECT_LE(std::pair(rest[i - 1].to, rest[i - 1].from), std::pair(rest[i].to, rest[i].from));
    arrived.insert(arrived.end(), std::make_move_iterator(rest.begin()), std::make_move_iterator(rest.end()));
    expect_complete(arrived, 6);
    EXPECT_TRUE(mailbox_.collect().empty());
    EXPECT_TRUE(mailbox_.settle().empty());
}

TEST_F(MailboxMpi, SettlesAgainAndAgain) {
    for (int round = 0; round < 3; ++round) {
        mailbox_.send(from_all_to_all(0));
        expect_complete(mailbox_.settle(), 1);
    }
}

TEST_F(MailboxMpi, NobodyWaitsForAReceiverAndCollectingBringsWhatHasArrived) {
    const int receiver = world_.size() - 1;
    if (world_.rank() != receiver) {
        std::vector<Parcel> parcels;
        parcels.push_back({block_.first, islands - 1, message(block_.first, islands - 1, 0)});
        mailbox_.send(std::move(parcels));  // would hang if it waited: the receiver is behind the barrier
    }
    world_.barrier();
    if (world_.rank() == receiver) {
        std::size_t arrived = 0;
        for (int tries = 0; tries < 20000 && arrived < static_cast<std::size_t>(receiver); ++tries) {
            for (const Parcel& parcel : mailbox_.collect()) {
                EXPECT_TRUE(parcel.bytes == message(parcel.from, islands - 1, 0));
                ++arrived;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        EXPECT_EQ(arrived, static_cast<std::size_t>(receiver));
    } else {
        EXPECT_TRUE(mailbox_.collect().empty());
    }
    EXPECT_TRUE(mailbox_.settle().empty());
}

TEST_F(MailboxMpi, OtherMessagesAreApart) {
    mailbox_.send(from_all_to_all(0));
    // With mail in flight; the same islands and other bytes.
    for (const Parcel& parcel : exchange(world_, islands, from_all_to_all(3)))
        EXPECT_TRUE(parcel.bytes == message(parcel.from, parcel.to, 3));
    expect_complete(mailbox_.settle(), 1);
}

}  // namespace
}  // namespace atnas::comm
