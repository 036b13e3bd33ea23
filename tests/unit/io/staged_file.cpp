#include "atnas/io/staged_file.hpp"

#include <gtest/gtest.h>

#include "atnas/core/error.hpp"

#include "folder.hpp"

namespace atnas::io {
namespace {

TEST(StagedFile, AppearsOnlyWhenPublished) {
    const test::Folder folder;
    test::put_bytes(folder / "a", "old");
    {
        StagedFile staged(folder / "a");
        EXPECT_EQ(staged.path(), folder / ".a.partial");
        test::put_bytes(staged.path(), "new");
        EXPECT_EQ(test::bytes_of(folder / "a"), "old");
        staged.publish();
    }
    EXPECT_EQ(test::bytes_of(folder / "a"), "new");
    EXPECT_EQ(folder.entries(), 1u);
}

TEST(StagedFile, LeavesNothingBehindWhenGivenUp) {
    const test::Folder folder;
    {
        const StagedFile staged(folder / "a");
        test::put_bytes(staged.path(), "half");
    }
    EXPECT_EQ(folder.entries(), 0u);
}

TEST(StagedFile, PublishingWhatIsNotThereIsAnError) {
    const test::Folder folder;
    StagedFile staged(folder / "a");
    EXPECT_THROW(staged.publish(), Error);
    std::filesystem::create_directories(folder / "b/full");
    StagedFile onto_folder(folder / "b");
    test::put_bytes(onto_folder.path(), "x");
    EXPECT_THROW(onto_folder.publish(), Error);
}

TEST(MoveLink, PointsToTheNewTarget) {
    const test::Folder folder;
    move_link(folder / "latest", "one");
    test::put_bytes(folder / "two", "2");
    move_link(folder / "latest", "two");
    EXPECT_EQ(std::filesystem::read_symlink(folder / "latest"), "two");
    EXPECT_EQ(test::bytes_of(folder / "latest"), "2");
    EXPECT_EQ(folder.entries(), 2u);
    EXPECT_THROW(move_link(folder / "no/latest", "two"), Error);
}

}  // namespace
}  // namespace atnas::io
