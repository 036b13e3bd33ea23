// SPDX-License-Identifier: Apache-2.0
#include "atnas/io/checkpoint.hpp"

#include <algorithm>
#include <csignal>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "../../mpi/sample_state.hpp"
#include "atnas/core/error.hpp"

#include "support/folder.hpp"

namespace atnas::io {
namespace {

using test::sample_state;
using test::SampleShape;

const comm::Communicator alone;
constexpr SampleShape small{2, 3, 24, 2000};

CheckpointState sample(std::int64_t iteration, SampleShape shape = small) {
    return sample_state(iteration, shape);
}

template <class Work>
ExitCode code_of(const Work& work) {
    try {
        work();
    } catch (const Error& error) {
        EXPECT_FALSE(error.problems().at(0).problem.empty());
        return error.code();
    }
    return ExitCode::done;
}

TEST(Checkpoint, EverythingComesBack) {
    const test::Folder folder;
    const CheckpointState state = sample(12, {});
    const auto path = write_checkpoint(folder / "run", state, 3, alone);
    EXPECT_EQ(path, folder / "run/checkpoint-00000012.h5");
    test::expect_equal(read_checkpoint(path, alone), state);
    EXPECT_EQ(std::filesystem::read_symlink(folder / "run/latest.h5"), "checkpoint-00000012.h5");
    test::expect_equal(read_checkpoint(folder / "run/latest.h5", alone), state);
}

/// conv4 has no genes; before the first generation there is no history, before the first migration no migration.
TEST(Checkpoint, EmptyPartsComeBack) {
    const test::Folder folder;
    CheckpointState state = sample(0, {2, 3, 0, 1});
    state.manifest = {{"only", 0, {1}}};
    state.block_steps = {0};
    state.history.clear();
    state.fronts.clear();
    state.migrations.clear();
    state.archive = {};
    state.iteration_loss.clear();
    state.optimizer.clear();
    state.deck_text.clear();
    state.data.images.reset();  // as older programs wrote it
    test::expect_equal(read_checkpoint(write_checkpoint(folder.path(), state, 1, alone), alone), state);
}

/// `atnas train` knows encodes and no islands while it searches, and has no weights yet.
TEST(Checkpoint, EncodesComeBackWithoutIslands) {
    const test::Folder folder;
    CheckpointState state;
    state.counters = {{"iteration", 0}};
    state.archive.judged = sample(0).archive.judged;
    ASSERT_FALSE(state.archive.judged.front().genotype.genes.empty());
    test::expect_equal(read_checkpoint(write_checkpoint(folder.path(), state, 1, alone), alone), state);
}

TEST(Checkpoint, EqualStatesGiveEqualBytes) {
    const test::Folder folder;
    const auto a = write_checkpoint(folder / "a", sample(5), 1, alone);
    const auto b = write_checkpoint(folder / "b", sample(5), 1, alone);
    EXPECT_EQ(test::bytes_of(a), test::bytes_of(b));
}

TEST(Checkpoint, KeepsTheNewestAndSweepsLeftovers) {
    const test::Folder folder;
    for (const char* name : {".checkpoint-00000001.h5.partial", ".checkpoint-00000001.h5.ab12cd.partial"})
        test::put_bytes(folder / name, "left by a killed job");
    std::filesystem::create_symlink("checkpoint-00000001.h5", folder / ".latest.h5.zz9999.partial");
    test::put_bytes(folder / "checkpoint-notes.txt", "of the user");
    for (std::int64_t iteration : {10, 20, 30, 40}) write_checkpoint(folder.path(), sample(iteration), 2, alone);
    EXPECT_FALSE(std::filesystem::exists(folder / "checkpoint-00000020.h5"));
    EXPECT_TRUE(std::filesystem::exists(folder / "checkpoint-00000030.h5"));
    EXPECT_TRUE(std::filesystem::exists(folder / "checkpoint-00000040.h5"));
    EXPECT_TRUE(std::filesystem::exists(folder / "checkpoint-notes.txt"));
    EXPECT_EQ(folder.entries(), 4u) << "two checkpoints, latest.h5, the notes";
    // A run that was restarted from an older state does not lose what it has just written.
    write_checkpoint(folder.path(), sample(15), 1, alone);
    EXPECT_TRUE(std::filesystem::exists(folder / "checkpoint-00000015.h5"));
    EXPECT_EQ(std::filesystem::read_symlink(folder / "latest.h5"), "checkpoint-00000015.h5");
}

TEST(Checkpoint, WritingTheSameIterationAgainReplacesIt) {
    const test::Folder folder;
    write_checkpoint(folder.path(), sample(7), 2, alone);
    CheckpointState other = sample(7);
    other.iteration_loss.front() = 9.0;
    const auto path = write_checkpoint(folder.path(), other, 2, alone);
    EXPECT_EQ(read_checkpoint(path, alone).iteration_loss, other.iteration_loss);
}

TEST(Checkpoint, LinksIntoTheFolderOfAnotherRunAreNotFollowed) {
    const test::Folder folder;
    CheckpointState state = sample(4);
    const auto theirs = write_checkpoint(folder / "theirs", state, 1, alone);
    const std::string before = test::bytes_of(theirs);
    std::filesystem::create_directories(folder / "ours");
    std::filesystem::create_symlink(theirs, folder / "ours/checkpoint-00000004.h5");
    state.iteration_loss.front() = 9.0;
    const auto ours = write_checkpoint(folder / "ours", state, 1, alone);
    EXPECT_EQ(test::bytes_of(theirs), before);
    EXPECT_FALSE(std::filesystem::is_symlink(ours));
    EXPECT_NE(test::bytes_of(ours), before);
    std::filesystem::permissions(ours, std::filesystem::perms(0444));
    EXPECT_EQ(write_checkpoint(folder / "ours", state, 1, alone), ours) << "write-protected, but the run's own";
}

TEST(Checkpoint, ALatestThatIsNoLinkIsACheckpoint) {
    const test::Folder folder;
    std::filesystem::create_symlink("none", folder / "latest.h5");
    EXPECT_FALSE(holds_checkpoints(folder.path()));
    std::filesystem::remove(folder / "latest.h5");
    test::put_bytes(folder / "latest.h5", "copied here");
    EXPECT_TRUE(holds_checkpoints(folder.path()));
}

TEST(Checkpoint, LatestSkipsWhatIsDamaged) {
    const test::Folder folder;
    for (std::int64_t iteration : {10, 20, 30}) write_checkpoint(folder.path(), sample(iteration), 9, alone);
    test::put_bytes(folder / ".checkpoint-00000099.h5.partial", "still being written");
    EXPECT_EQ(find_checkpoint(folder.path(), "latest", alone), folder / "checkpoint-00000030.h5");
    const std::string whole = test::bytes_of(folder / "checkpoint-00000030.h5");
    test::put_bytes(folder / "checkpoint-00000030.h5", whole.substr(0, whole.size() - 1));
    EXPECT_EQ(find_checkpoint(folder.path(), "latest", alone), folder / "checkpoint-00000020.h5");
    test::put_bytes(folder / "checkpoint-00000020.h5", "");
    EXPECT_EQ(find_checkpoint(folder.path(), "latest", alone), folder / "checkpoint-00000010.h5");
    test::put_bytes(folder / "checkpoint-00000010.h5", "no");
    EXPECT_EQ(code_of([&] { find_checkpoint(folder.path(), "latest", alone); }), ExitCode::restart_refused);
    EXPECT_EQ(code_of([&] { find_checkpoint(folder / "none", "latest", alone); }), ExitCode::restart_refused);
}

TEST(Checkpoint, RequestByName) {
    const test::Folder folder;
    const auto path = write_checkpoint(folder.path(), sample(10), 1, alone);
    EXPECT_EQ(find_checkpoint("elsewhere", path.string(), alone), path);
    EXPECT_EQ(code_of([&] { find_checkpoint(folder.path(), "none.h5", alone); }), ExitCode::restart_refused);
}

TEST(Checkpoint, AFullDiskLeavesTheOlderOnes) {
    const test::Folder folder;
    const CheckpointState first = sample(1);
    const auto path = write_checkpoint(folder.path(), first, 1, alone);
    rlimit old{};
    ::getrlimit(RLIMIT_FSIZE, &old);
    const rlimit limit{30000, old.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const ExitCode code = code_of([&] { write_checkpoint(folder.path(), sample(2), 1, alone); });
    ::setrlimit(RLIMIT_FSIZE, &old);
    EXPECT_EQ(code, ExitCode::bad_data);
    EXPECT_EQ(folder.entries(), 2u) << "something half-written was left";
    EXPECT_EQ(find_checkpoint(folder.path(), "latest", alone), path);
    test::expect_equal(read_checkpoint(path, alone), first);
    EXPECT_EQ(write_checkpoint(folder.path(), sample(2), 1, alone), folder / "checkpoint-00000002.h5");
}

TEST(Checkpoint, AFolderThatCannotBe) {
    const test::Folder folder;
    test::put_bytes(folder / "file", "");
    EXPECT_EQ(code_of([&] { write_checkpoint(folder / "file/run", sample(1), 1, alone); }), ExitCode::bad_data);
    EXPECT_EQ(code_of([&] { write_checkpoint("/proc/run", sample(1), 1, alone); }), ExitCode::bad_data);
    EXPECT_EQ(code_of([&] { read_checkpoint(folder / "none.h5", alone); }), ExitCode::bad_data);
}

}  // namespace
}  // namespace atnas::io
