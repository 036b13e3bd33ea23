// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/idx_file.hpp"

#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace atnas::data {
namespace {

using namespace atnas::data::testing;
using Shape = std::vector<std::uint32_t>;

class Idx : public ::testing::Test {
  protected:
    void refuse(const Bytes& bytes, const std::string& why) {
        write_file(path_, bytes);
        refuse_file(why);
    }
    void refuse_file(const std::string& why) {
        const Caught caught = error_of([&] { read_idx(path_); });
        EXPECT_EQ(caught.code, ExitCode::bad_data);
        EXPECT_EQ(caught.problems, 1U);
        EXPECT_TRUE(caught.mentions(path_.string())) << caught.text;
        EXPECT_TRUE(caught.mentions(why)) << caught.text;
    }

    TemporaryFolder folder_;
    std::filesystem::path path_{folder_ / "idx"};
    const Bytes whole_{encode_idx({2, 1, 3}, {1, 2, 3, 4, 5, 255})};
};

TEST_F(Idx, PlainAndPackedFilesGiveTheSame) {
    write_file(path_, whole_);
    const IdxArray plain = read_idx(path_);
    EXPECT_EQ(plain.shape, (Shape{2, 1, 3}));
    EXPECT_EQ(plain.values, (Bytes{1, 2, 3, 4, 5, 255}));
    write_gzip(path_, whole_);
    const IdxArray packed = read_idx(path_);
    EXPECT_EQ(packed.shape, plain.shape);
    EXPECT_EQ(packed.values, plain.values);
}

TEST_F(Idx, MoreThanABlock) {
    Bytes values(300000);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::uint8_t>(i * i);
    write_gzip(path_, encode_idx({3000, 100}, values));
    EXPECT_EQ(read_idx(path_).values, values);
}

TEST_F(Idx, PartsOfAGzipFileBelongTogether) {
    write_gzip(folder_ / "a", {whole_.begin(), whole_.begin() + 9});
    write_gzip(folder_ / "b", {whole_.begin() + 9, whole_.end()});
    Bytes both = read_file(folder_ / "a");
    const Bytes second = read_file(folder_ / "b");
    both.insert(both.end(), second.begin(), second.end());
    write_file(path_, both);
    EXPECT_EQ(read_idx(path_).shape, (Shape{2, 1, 3}));
}

TEST_F(Idx, WhatIsNoSuchFile) {
    refuse_file("there is no such file");
    std::filesystem::create_directory(path_);
    refuse_file("it is no file");
    std::filesystem::remove(path_);
    refuse({}, "it is empty");
    refuse({0, 0}, "does not begin");
    refuse({'P', 'K', 3, 4, 5, 6, 7, 8}, "does not begin");
    refuse({0, 1, 8, 1, 0, 0, 0, 1, 7}, "does not begin");
    refuse({0, 0, 0x0C, 1, 0, 0, 0, 1, 0, 0, 0, 7}, "0x0c");
    refuse({0, 0, 8, 0, 0, 0, 0, 1, 7}, "0 axes");
    refuse({0, 0, 8, 9, 0, 0, 0, 1, 7}, "9 axes");
}

TEST_F(Idx, EveryCutIsFound) {
    for (std::size_t size = 1; size < whole_.size(); ++size)
        refuse(Bytes(whole_.begin(), whole_.begin() + static_cast<std::ptrdiff_t>(size)), "");
    write_gzip(path_, whole_);
    const auto packed = std::filesystem::file_size(path_);
    for (std::uintmax_t size = packed - 1; size > 0; --size) {
        cut_file(path_, size);
        refuse_file("");
    }
}

TEST_F(Idx, MoreThanTheHeaderSays) {
    Bytes longer = whole_;
    longer.push_back(7);
    refuse(longer, "it holds more");
}

TEST_F(Idx, SizesThatNoFileHas) {
    refuse(encode_idx({0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF}, {1, 2}), "4294967295 x 4294967295");
    refuse(encode_idx({0xFFFFFFFF, 4096, 4096}, {1, 2}), "but it holds 2");
    refuse(encode_idx({2, 0, 3}, {}), "length 0");
}

TEST_F(Idx, FlippedBitOfAPackedFile) {
    Bytes values(5000);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::uint8_t>(i * i >> 3);
    write_gzip(path_, encode_idx({5000}, values));
    const Bytes packed = read_file(path_);
    for (std::size_t place = 20; place < packed.size() - 4; place += 97) {  // behind the header, up to the checksum
        Bytes damaged = packed;
        damaged[place] ^= 4;
        refuse(damaged, "");
    }
}

}  // namespace
}  // namespace atnas::data
