// SPDX-License-Identifier: Apache-2.0
#include "atnas/io/network_file.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "atnas/core/error.hpp"

namespace atnas::io {
namespace {

TEST(SharedNetworkFile, EveryRankHasWhatRankZeroRead) {
    const comm::Communicator world = comm::Communicator::world();
    const std::filesystem::path path =
        world.broadcast(testing::TempDir() + "/network." + std::to_string(::getpid()) + ".h5", 0);
    NetworkFile written;
    written.made_by = "train";
    written.deck_text = "[space]\n";
    written.deck = {{"space.channels", "8"}, {"task.way", "2"}};
    written.image = {3, 8, 6};
    written.classes = {"cat", "", "dog, small"};
    written.origin = {{"data", "animals"}};
    written.figures = {{"accuracy", 0.75}, {"seconds", 3.5}};
    written.members = {{{{0, 2, 1}}, "a|b", {{"stem", 0, {2, 3}}, {"own", 6, {2, 1}}}, {1, 2, 3, 4, 5, 6, 7, 8}, {9}},
                       {{{1}}, "b", {{"stem", 0, {1, 1, 1, 2}}}, {9, 10}, {}}};
    comm::on_root(world, [&] { write_network(path, written); });
    const NetworkFile read = read_network(path, world);
    EXPECT_EQ(read.made_by, written.made_by);
    EXPECT_EQ(read.deck_text, written.deck_text);
    EXPECT_EQ(read.deck, written.deck);
    EXPECT_EQ(read.image, written.image);
    EXPECT_EQ(read.classes, written.classes);
    EXPECT_EQ(read.origin, written.origin);
    EXPECT_EQ(read.figures, written.figures);
    EXPECT_EQ(read.path, path);
    EXPECT_EQ(read.digest.size(), 16u);
    ASSERT_EQ(read.members.size(), 2u);
    for (std::size_t m = 0; m < 2; ++m) {
        EXPECT_EQ(read.members[m].genotype, written.members[m].genotype);
        EXPECT_EQ(read.members[m].encode, written.members[m].encode);
        EXPECT_EQ(read.members[m].weights, written.members[m].weights);
        EXPECT_EQ(read.members[m].moments, written.members[m].moments);
        ASSERT_EQ(read.members[m].manifest.size(), written.members[m].manifest.size());
        for (std::size_t b = 0; b < read.members[m].manifest.size(); ++b) {
            EXPECT_EQ(read.members[m].manifest[b].name, written.members[m].manifest[b].name);
            EXPECT_EQ(read.members[m].manifest[b].offset, written.members[m].manifest[b].offset);
            EXPECT_EQ(read.members[m].manifest[b].shape, written.members[m].manifest[b].shape);
        }
    }
    world.barrier();
    if (world.is_root()) std::filesystem::remove(path);
    world.barrier();
    EXPECT_THROW(read_network(path, world), Error) << "on every rank";
}

}  // namespace
}  // namespace atnas::io
