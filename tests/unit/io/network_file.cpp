// SPDX-License-Identifier: Apache-2.0
#include "atnas/io/network_file.hpp"

#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "atnas/core/error.hpp"
#include "atnas/io/hdf5.hpp"

#include "support/folder.hpp"

namespace atnas::io {
namespace {

NetworkFile sample() {
    NetworkFile network;
    network.made_by = "adapt";
    network.reproducibility.lose("a clock decided");
    network.deck_text = "[space]\nchannels = 8\n";
    network.deck = {{"space.channels", "8"}, {"task.way", "2"}};
    network.provenance = make_provenance(std::vector<std::string>{"atnas", "adapt"}, 2);
    network.image = {3, 8, 6};
    network.classes = {"cat", "dog, small"};
    network.origin = {{"checkpoint", "runs/a/latest.h5"}, {"data", "animals"}};
    network.figures = {{"accuracy", 0.75}, {"seconds", 3.5}};
    network.members.push_back({{{0, 2, 1}},
                               "a|b",
                               {{"stem", 0, {2, 3, 1, 1}}, {"head/own0", 6, {2, 1, 1, 1}}},
                               {1, 2, 3, 4, 5, 6, 7, 8},
                               {0.5f, 1.5f}});
    network.members.push_back({{{1, 0, 1}}, "b|b", {{"stem", 0, {1, 1, 1, 2}}}, {9, 10}, {}});
    return network;
}

std::string complaint(const std::filesystem::path& path) {
    try {
        static_cast<void>(read_network(path));
        return "";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::bad_data);
        return error.what();
    }
}

TEST(NetworkFile, IsReadAsItWasWritten) {
    const test::Folder folder;
    const NetworkFile written = sample();
    write_network(folder / "n.h5", written);
    EXPECT_EQ(folder.entries(), 1u) << "no temporary file";
    const NetworkFile read = read_network(folder / "n.h5");
    EXPECT_EQ(read.made_by, written.made_by);
    EXPECT_EQ(read.reproducibility, written.reproducibility);
    EXPECT_EQ(read.deck_text, written.deck_text);
    EXPECT_EQ(read.deck, written.deck);
    EXPECT_EQ(read.image, written.image);
    EXPECT_EQ(read.classes, written.classes);
    EXPECT_EQ(read.origin, written.origin);
    EXPECT_EQ(read.figures, written.figures);
    EXPECT_EQ(read.path, folder / "n.h5");
    EXPECT_EQ(read.digest.size(), 16u);
    ASSERT_EQ(read.members.size(), written.members.size());
    for (std::size_t m = 0; m < read.members.size(); ++m) {
        const NetworkRecord& is = read.members[m];
        const NetworkRecord& was = written.members[m];
        EXPECT_EQ(is.genotype.genes, was.genotype.genes);
        EXPECT_EQ(is.encode, was.encode);
        EXPECT_EQ(is.weights, was.weights);
        EXPECT_EQ(is.moments, was.moments);
        ASSERT_EQ(is.manifest.size(), was.manifest.size());
        for (std::size_t b = 0; b < is.manifest.size(); ++b) {
            EXPECT_EQ(is.manifest[b].name, was.manifest[b].name);
            EXPECT_EQ(is.manifest[b].offset, was.manifest[b].offset);
            EXPECT_EQ(is.manifest[b].shape, was.manifest[b].shape);
        }
    }
}

TEST(NetworkFile, OneFlippedByteIsFoundOrOfNoMeaning) {
    const test::Folder folder;
    write_network(folder / "n.h5", sample());
    const std::string whole = test::bytes_of(folder / "n.h5");
    // The last weight of the first member: 8, little-endian.
    const std::string weights("\0\0\xe0\x40\0\0\0\x41", 8);
    const std::size_t place = whole.find(weights);
    ASSERT_NE(place, std::string::npos);
    std::string damaged = whole;
    damaged[place + 1] ^= 1;
    test::put_bytes(folder / "d.h5", damaged);
    EXPECT_NE(complaint(folder / "d.h5").find("/members/0/weights/values"), std::string::npos);
    for (std::size_t length : {std::size_t{0}, whole.size() / 3, whole.size() - 1}) {
        test::put_bytes(folder / "d.h5", whole.substr(0, length));
        EXPECT_NE(complaint(folder / "d.h5").find("d.h5"), std::string::npos) << length;
    }
}

TEST(NetworkFile, WhatDoesNotFitTogetherIsRefused) {
    const test::Folder folder;
    const auto refused = [&](const NetworkFile& network) {
        write_network(folder / "n.h5", network);
        return complaint(folder / "n.h5");
    };
    NetworkFile outside = sample();
    outside.members[1].manifest[0].shape = {3, 1, 1, 1};
    EXPECT_NE(refused(outside).find("block stem lies outside"), std::string::npos);
    NetworkFile broken = sample();
    broken.members[0].moments[1] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_NE(refused(broken).find("/members/0/moments"), std::string::npos);
    NetworkFile flat = sample();
    flat.image.height = 0;
    EXPECT_NE(refused(flat).find("/image@height"), std::string::npos);
    EXPECT_EQ(refused(sample()), "");
}

TEST(NetworkFile, OtherFilesAreNamed) {
    const test::Folder folder;
    EXPECT_NE(complaint(folder / "none.h5").find("none.h5"), std::string::npos);
    File file = File::create(folder / "c.h5", comm::Communicator(), Access::serial);
    file.attribute("/", "atnas.filetype", std::string("atnas-checkpoint"));
    file.attribute("/", "atnas.version", std::int64_t{4});
    file.close();
    EXPECT_NE(complaint(folder / "c.h5").find("atnas-checkpoint"), std::string::npos);
}

}  // namespace
}  // namespace atnas::io
