// SPDX-License-Identifier: Apache-2.0
#include "atnas/io/checkpoint.hpp"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "atnas/core/error.hpp"
#include "atnas/io/data_set_file.hpp"

#include "sample_state.hpp"

namespace atnas::io {
namespace {

using comm::Communicator;
using test::SampleShape;

/// One folder for all ranks, removed at the end.
class CheckpointMpi : public testing::Test {
  protected:
    void SetUp() override {
        const auto name = std::string(testing::UnitTest::GetInstance()->current_test_info()->name());
        folder_ = world_.broadcast(testing::TempDir() + "/CheckpointMpi." + name + "." + std::to_string(::getpid()), 0);
        if (world_.is_root()) std::filesystem::create_directories(folder_);
        world_.barrier();
    }
    void TearDown() override {
        world_.barrier();
        if (world_.is_root()) std::filesystem::remove_all(folder_);
    }

    /// As every rank holds it: the histories on rank 0.
    CheckpointState mine(std::int64_t iteration, SampleShape shape) const {
        CheckpointState state = test::sample_state(iteration, shape);
        if (world_.is_root()) return state;
        state.history.clear();
        state.fronts.clear();
        state.genealogy.clear();
        state.migrations.clear();
        state.iteration_loss.clear();
        return state;
    }

    static std::string bytes_of(const std::filesystem::path& path) {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    Communicator world_ = Communicator::world();
    std::filesystem::path folder_;
};

/// As many, more and fewer islands than ranks; arrays of one chunk shared by all ranks, of several, and smaller than
/// the ranks.
TEST_F(CheckpointMpi, ManyRanksWriteWhatOneWrites) {
    for (const SampleShape shape : {SampleShape{3, 4, 24, 200003}, SampleShape{7, 5, 24, 65536},
                                    SampleShape{4, 1, 0, 2}, SampleShape{2, 3, 24, 100}}) {
        const auto together = write_checkpoint(folder_ / "together", mine(3, shape), 1, world_);
        if (world_.is_root()) {
            const Communicator alone;
            const auto single = write_checkpoint(folder_ / "alone", test::sample_state(3, shape), 1, alone);
            EXPECT_TRUE(bytes_of(together) == bytes_of(single)) << "bytes differ, " << shape.weights << " weights";
            test::expect_equal(read_checkpoint(together, alone), test::sample_state(3, shape));
        }
        world_.barrier();
        test::expect_equal(read_checkpoint(together, world_), mine(3, shape));
        test::expect_equal(read_checkpoint(folder_ / "alone/latest.h5", world_), mine(3, shape));
    }
}

TEST_F(CheckpointMpi, H5diffFindsNoDifferenceButProvenance) {
    const SampleShape shape{3, 4, 24, 5000};
    CheckpointState state = mine(3, shape);
    const auto a = write_checkpoint(folder_ / "a", state, 1, world_);
    state.provenance[0].second = "another version";
    const auto b = write_checkpoint(folder_ / "b", state, 1, world_);
    state.counters["tasks"] += 1;
    const auto c = write_checkpoint(folder_ / "c", state, 1, world_);
    if (!world_.is_root()) return;
    if (std::system("command -v h5diff > /dev/null 2>&1") != 0) GTEST_SKIP() << "h5diff is not installed";
    const auto differ = [](const std::filesystem::path& x, const std::filesystem::path& y) {
        return std::system(("h5diff --exclude-path=/provenance " + x.string() + " " + y.string() + " > /dev/null 2>&1")
                               .c_str()) != 0;
    };
    EXPECT_FALSE(differ(a, b));
    EXPECT_TRUE(differ(a, c)) << "h5diff does not look at attributes";
}

TEST_F(CheckpointMpi, ErrorsReachEveryRank) {
    const SampleShape shape{3, 2, 4, 10};
    EXPECT_THROW(read_checkpoint(folder_ / "none.h5", world_), Error);
    EXPECT_THROW(find_checkpoint(folder_, "latest", world_), Error);
    if (world_.is_root()) std::ofstream(folder_ / "file") << "x";
    world_.barrier();
    EXPECT_THROW(write_checkpoint(folder_ / "file" / "run", mine(1, shape), 1, world_), Error);
    const auto path = write_checkpoint(folder_, mine(1, shape), 1, world_);
    EXPECT_EQ(find_checkpoint(folder_, "latest", world_), path);
    // Only rank 0 asks for a file that is not there.
    EXPECT_THROW(read_checkpoint(world_.is_root() ? folder_ / "none.h5" : path, world_), Error);
    EXPECT_EQ(world_.sum(1), world_.size()) << "ranks out of step";
}

TEST_F(CheckpointMpi, RankZeroAloneReads) {
    const SampleShape shape{3, 2, 4, 100};
    const auto path = write_checkpoint(folder_, mine(1, shape), 1, world_);
    const auto seen = world_.is_root() ? path : folder_ / "none.h5";
    const CheckpointState state = read_checkpoint(seen, world_);
    test::expect_equal(state, mine(1, shape));
    EXPECT_EQ(state.path, path);
}

/// Whatever other ranks hold of the histories is not written.
TEST_F(CheckpointMpi, RankZeroAloneWritesTheHistories) {
    const SampleShape shape{3, 2, 4, 100};
    const auto lean = write_checkpoint(folder_ / "lean", mine(3, shape), 1, world_);
    CheckpointState state = test::sample_state(3, shape);
    if (!world_.is_root()) state.history.front().best = 1.0;
    const auto rich = write_checkpoint(folder_ / "rich", state, 1, world_);
    EXPECT_TRUE(!world_.is_root() || bytes_of(lean) == bytes_of(rich));
}

TEST_F(CheckpointMpi, AFullDiskIsAnErrorOnEveryRank) {
    const SampleShape shape{3, 4, 24, 100000};
    const auto path = write_checkpoint(folder_, mine(1, shape), 1, world_);
    rlimit old{};
    ::getrlimit(RLIMIT_FSIZE, &old);
    const rlimit limit{200000, old.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    EXPECT_THROW(write_checkpoint(folder_, mine(2, shape), 1, world_), Error);
    ::setrlimit(RLIMIT_FSIZE, &old);
    EXPECT_EQ(find_checkpoint(folder_, "latest", world_), path);
    if (world_.is_root()) {
        EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), std::filesystem::directory_iterator()),
                  2);
    }
    write_checkpoint(folder_, mine(2, shape), 1, world_);
}

TEST_F(CheckpointMpi, OneRankReadsADataSetForAll) {
    data::ImageSet images;
    images.shape = {1, 3, 2};
    images.first_of_class = {0, 1, 3};
    images.class_names = {"a/b", "a/c"};
    images.group_of_class = {0, 0};
    images.group_names = {"a"};
    images.image_names = {"1", "22", ""};
    images.source = "test";
    for (int i = 0; i < 18; ++i) images.pixels.push_back(static_cast<std::uint8_t>(i * 14));
    if (world_.is_root()) write_data_set(folder_ / "set.h5", images, {});
    const data::ImageSet back = read_data_set(folder_ / "set.h5", world_);
    EXPECT_EQ(back.shape, images.shape);
    EXPECT_EQ(back.pixels, images.pixels);
    EXPECT_EQ(back.first_of_class, images.first_of_class);
    EXPECT_EQ(back.class_names, images.class_names);
    EXPECT_EQ(back.group_of_class, images.group_of_class);
    EXPECT_EQ(back.group_names, images.group_names);
    EXPECT_EQ(back.image_names, images.image_names);
    EXPECT_EQ(back.source, images.source);
    EXPECT_THROW(read_data_set(folder_ / "missing.h5", world_), Error);
}

}  // namespace
}  // namespace atnas::io
