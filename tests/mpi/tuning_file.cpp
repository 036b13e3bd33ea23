// SPDX-License-Identifier: Apache-2.0
#include "atnas/io/tuning_file.hpp"

#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

namespace atnas::io {
namespace {

/// One folder for all ranks, removed at the end.
class TuningFile : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = world_.broadcast(testing::TempDir() + "/TuningFile." + std::to_string(::getpid()), 0);
        if (world_.is_root()) std::filesystem::create_directories(folder_);
        world_.barrier();
    }
    void TearDown() override {
        world_.barrier();
        if (world_.is_root()) std::filesystem::remove_all(folder_);
    }
    bool last() const { return world_.rank() == world_.size() - 1; }

    comm::Communicator world_ = comm::Communicator::world();
    std::filesystem::path folder_;
};

TEST_F(TuningFile, what_ranks_found_between_them_is_read_by_all) {
    const std::string own = "common\t1 0 64\nof rank " + std::to_string(world_.rank()) + "\tdirect\n";
    EXPECT_EQ(write_tuning(folder_, own, world_), TuningChoices::equal);
    std::string all = "common\t1 0 64\n";
    for (int rank = 0; rank < world_.size(); ++rank) all += "of rank " + std::to_string(rank) + "\tdirect\n";
    EXPECT_EQ(read_tuning(folder_, world_), all);
}

TEST_F(TuningFile, every_rank_learns_that_one_chose_differently) {
    const std::string own = last() ? "a\t1 0 64\nb\t3 0 0\n" : "a\t1 0 64\nb\t1 0 0\n";
    EXPECT_EQ(write_tuning(folder_, own, world_), world_.size() > 1 ? TuningChoices::different : TuningChoices::equal);
}

TEST_F(TuningFile, nothing_found_is_no_file) {
    EXPECT_EQ(write_tuning(folder_, "", world_), TuningChoices::equal);
    EXPECT_TRUE(std::filesystem::is_empty(folder_));
    EXPECT_EQ(read_tuning(folder_, world_), "");
}

}  // namespace
}  // namespace atnas::io
