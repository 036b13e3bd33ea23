// SPDX-License-Identifier: Apache-2.0
#include "atnas/io/contents.hpp"

#include <gtest/gtest.h>

#include "atnas/core/error.hpp"
#include "atnas/io/file_type.hpp"

#include "support/folder.hpp"

namespace atnas::io {
namespace {

using Lines = std::vector<std::string>;

const comm::Communicator alone;

TEST(Contents, LinesAreSortedAndReplaced) {
    Contents contents;
    const std::vector<std::uint64_t> shape{3, 4};
    contents.add("/b", "<f4", shape, Digest(1));
    contents.add("/a@x", "<i8", {}, Digest(2));
    contents.add("/b", "<f4", shape, Digest(255));
    EXPECT_EQ(contents.lines(), (Lines{"/a@x <i8 [] 0000000000000002", "/b <f4 [3, 4] 00000000000000ff"}));
}

/// Known answer: Python's xxhash.xxh3_64_hexdigest("a b\nc\n").
TEST(Contents, DigestOfLines) {
    EXPECT_EQ(digest_of(Lines{"a b", "c"}).text(), "0f186cf6c1fcd147");
    EXPECT_NE(digest_of(Lines{"a b", "c"}), digest_of(Lines{"a bc"}));
}

TEST(Contents, DifferencesNameObjects) {
    const Lines lines{"/a 1", "/b 2", "/c 3", "/d 4", "/e 5"};
    EXPECT_EQ(differences(lines, lines), "");
    EXPECT_EQ(differences(lines, Lines{"/a 1", "/b 9", "/c 3", "/d 4"}), "/b, /e");
    EXPECT_EQ(differences(lines, Lines{}), "/a, /b, /c and 2 more");
}

/// What is written and what is read give the same list, whatever the kind of object.
TEST(Contents, ReadingNotesWhatWritingNoted) {
    const test::Folder folder;
    Contents written;
    {
        File file = File::create(folder / "x.h5", alone, Access::serial);
        EXPECT_EQ(file.note_in(&written), nullptr);
        const std::vector<std::uint64_t> table{2, 3};
        file.write<std::int8_t>("/group/table", std::vector<std::int8_t>{1, 2, 3, 4, 5, 6}, table);
        const std::vector<double> list(300001, 0.5);
        const std::vector<std::uint64_t> length{list.size()};
        file.write<double>("/list", list, length);
        file.write<float>("/empty", {}, std::vector<std::uint64_t>{0, 7});
        file.write_strings("/texts", Lines{"one", "", "three"});
        file.attribute("/group", "text", std::string("of the group"));
        file.attribute("/group", "none", std::string());
        file.attribute("/list", "integer", std::int64_t{-1});
        file.attribute("/", "real", 0.25);
        EXPECT_EQ(file.note_in(nullptr), &written);
        file.attribute("/", "not noted", 0.5);
        file.close();
    }
    Contents found;
    File file = File::open(folder / "x.h5", alone, Access::serial);
    file.note_in(&found);
    file.read<std::int8_t>("/group/table");
    file.read<double>("/list");
    file.read<float>("/empty");
    file.read_strings("/texts");
    file.text_attribute("/group", "text");
    file.text_attribute("/group", "none");
    file.integer_attribute("/list", "integer");
    file.real_attribute("/", "real");
    EXPECT_EQ(found.lines(), written.lines());
    EXPECT_EQ(written.lines().size(), 8u);
    EXPECT_EQ(written.lines()[2].substr(0, 23), "/group/table |i1 [2, 3]");
}

TEST(Contents, TheListItselfIsChecked) {
    const test::Folder folder;
    Contents contents;
    contents.add("/a", "<f4", {}, Digest(1));
    File file = File::create(folder / "x.h5", alone, Access::serial);
    write_contents(file, contents);
    file.close();
    File back = File::open(folder / "x.h5", alone, Access::serial);
    EXPECT_NO_THROW(expect_contents(back, contents));
    contents.add("/a", "<f4", {}, Digest(2));
    EXPECT_THROW(expect_contents(back, contents), Error);
    std::string bytes = test::bytes_of(folder / "x.h5");
    bytes[bytes.find("/a <f4") + 1] = 'b';
    test::put_bytes(folder / "x.h5", bytes);
    File damaged = File::open(folder / "x.h5", alone, Access::serial);
    EXPECT_THROW(expect_contents(damaged, contents), Error);
}

}  // namespace
}  // namespace atnas::io
