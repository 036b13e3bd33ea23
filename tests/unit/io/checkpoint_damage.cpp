// SPDX-License-Identifier: Apache-2.0
// Damaged checkpoints: found and named, or the damage is in bytes that nobody reads.

#include <functional>
#include <random>

#include <unistd.h>

#include <gtest/gtest.h>
#include <hdf5.h>

#include "../../mpi/sample_state.hpp"
#include "atnas/core/error.hpp"
#include "atnas/io/checkpoint.hpp"
#include "atnas/io/file_type.hpp"
#include "atnas/io/hdf5.hpp"

#include "support/folder.hpp"

namespace atnas::io {
namespace {

const comm::Communicator alone;

CheckpointState sample(std::int64_t iteration) {
    return test::sample_state(iteration, {2, 3, 24, 2000});
}

/// As another version of this program would have written it.
void set_version(const std::filesystem::path& path, std::int64_t version) {
    const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    const hid_t attribute = H5Aopen(file, "atnas.version", H5P_DEFAULT);
    EXPECT_GE(H5Awrite(attribute, H5T_NATIVE_INT64, &version), 0);
    H5Aclose(attribute);
    H5Fclose(file);
}

/// Everything that is wrong with it; "" when it is read.
std::string complaint(const std::filesystem::path& path) {
    try {
        read_checkpoint(path, alone);
        return "";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::bad_data);
        return error.what();
    }
}

class CheckpointDamage : public testing::Test {
  protected:
    /// Gives a file of these bytes to the reader, which must name it and say no.
    void refuse(const std::string& bytes, const std::string& what) {
        test::put_bytes(damaged_, bytes);
        EXPECT_NE(complaint(damaged_).find(damaged_.string()), std::string::npos) << what;
    }

    test::Folder folder_;
    CheckpointState state_ = sample(1);
    std::filesystem::path path_ = write_checkpoint(folder_.path(), state_, 9, alone);
    std::string whole_ = test::bytes_of(path_);
    std::filesystem::path damaged_ = folder_ / "damaged.h5";
};

TEST_F(CheckpointDamage, TruncatedAnywhere) {
    std::mt19937 random(7);
    for (int i = 0; i < 200; ++i) {
        const std::size_t length = random() % whole_.size();
        refuse(whole_.substr(0, length), std::to_string(length) + " bytes");
    }
    for (std::size_t missing : {1u, 2u, 100u, 4096u}) refuse(whole_.substr(0, whole_.size() - missing), "end");
    refuse("", "nothing");
    refuse(std::string(whole_.size(), '\0'), "zeros");
}

/// Blocks that never reached the disk are zeros in the middle.
TEST_F(CheckpointDamage, HolesAreFound) {
    std::mt19937 random(8);
    int found = 0;
    for (int i = 0; i < 40; ++i) {
        std::string bytes = whole_;
        const std::size_t first = random() % whole_.size() / 512 * 512;
        const std::size_t length = std::min<std::size_t>(4096, whole_.size() - first);
        bytes.replace(first, length, std::string(length, '\0'));
        test::put_bytes(damaged_, bytes);
        if (complaint(damaged_).empty()) {
            test::expect_equal(read_checkpoint(damaged_, alone), state_);
        } else {
            ++found;
        }
    }
    EXPECT_GT(found, 20);
}

/// A flipped bit is found, or the state that is read is the state that was written, to the last bit.
TEST_F(CheckpointDamage, FlippedBitsAreFoundOrHarmless) {
    std::mt19937 random(9);
    int found = 0;
    for (int i = 0; i < 800; ++i) {
        std::string bytes = whole_;
        const std::size_t place = random() % whole_.size();
        const int bit = static_cast<int>(random() % 8);
        bytes[place] = static_cast<char>(bytes[place] ^ (1 << bit));
        test::put_bytes(damaged_, bytes);
        try {
            test::expect_equal(read_checkpoint(damaged_, alone), state_);
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ExitCode::bad_data);
            EXPECT_NE(std::string(error.what()).find(damaged_.string()), std::string::npos) << error.what();
            ++found;
        }
        ASSERT_FALSE(HasFailure()) << "bit " << bit << " of byte " << place;
    }
    EXPECT_GT(found, 400);
}

/// Every byte of every array, counters and texts included, is in use: none may be changed unseen.
TEST_F(CheckpointDamage, EveryBitOfAnArrayIsFound) {
    const auto flip_within = [&](const std::string& pattern) {
        const std::size_t first = whole_.find(pattern);
        ASSERT_NE(first, std::string::npos);
        for (std::size_t i = 0; i < pattern.size(); ++i) {
            std::string bytes = whole_;
            bytes[first + i] = static_cast<char>(bytes[first + i] ^ 1);
            refuse(bytes, pattern + " at " + std::to_string(i));
        }
    };
    const auto raw = [](const auto* values, std::size_t count) {
        return std::string(reinterpret_cast<const char*>(values), count * sizeof(*values));
    };
    flip_within(raw(&state_.weights[700], 6));
    flip_within(raw(&state_.optimizer["second_moment"][100], 6));
    flip_within(raw(state_.iteration_loss.data(), state_.iteration_loss.size()));
    flip_within(raw(state_.populations[1][2].genotype.genes.data(), 24));
    flip_within(state_.deck_text);
    flip_within("/weights/values <f4");
}

/// Changed through HDF5, whose own checksums then fit: only our digests can tell.
TEST_F(CheckpointDamage, ChangesAreNamed) {
    const auto change = [&](const std::function<void(hid_t)>& work) {
        test::put_bytes(damaged_, whole_);
        const hid_t file = H5Fopen(damaged_.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
        ASSERT_GE(file, 0);
        work(file);
        H5Fclose(file);
    };
    const auto set = [](hid_t file, const char* object, const char* name, std::int64_t value) {
        H5Adelete_by_name(file, object, name, H5P_DEFAULT);
        const hid_t space = H5Screate(H5S_SCALAR);
        const hid_t made =
            H5Acreate_by_name(file, object, name, H5T_NATIVE_INT64, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
        EXPECT_GE(H5Awrite(made, H5T_NATIVE_INT64, &value), 0);
        H5Aclose(made);
        H5Sclose(space);
    };
    const auto expect_named = [&](const std::string& object) {
        const std::string text = complaint(damaged_);
        EXPECT_NE(text.find(object), std::string::npos) << text;
        EXPECT_NE(text.find(damaged_.string()), std::string::npos) << text;
    };
    change([&](hid_t file) { set(file, "/counters", "tasks", 77); });
    expect_named("/counters@tasks");
    change([&](hid_t file) { set(file, "/counters", "more", 77); });
    expect_named("/counters@more");
    change([&](hid_t file) { H5Adelete_by_name(file, "/deck", "run.seed", H5P_DEFAULT); });
    expect_named("/deck@run.seed");
    change([&](hid_t file) { H5Ldelete(file, "/optimizer/second_moment", H5P_DEFAULT); });
    expect_named("/optimizer/second_moment");
    change([&](hid_t file) {
        H5Lmove(file, "/optimizer/first_moment", file, "/optimizer/x", H5P_DEFAULT, H5P_DEFAULT);
        H5Lmove(file, "/optimizer/second_moment", file, "/optimizer/first_moment", H5P_DEFAULT, H5P_DEFAULT);
        H5Lmove(file, "/optimizer/x", file, "/optimizer/second_moment", H5P_DEFAULT, H5P_DEFAULT);
    });
    expect_named("/optimizer/first_moment, /optimizer/second_moment");
    change([&](hid_t file) { H5Adelete_by_name(file, "/provenance", "version", H5P_DEFAULT); });
    expect_named("/provenance");
    change([&](hid_t file) { set(file, "/", "atnas.version", 1); });
    expect_named("version 1");
    change([&](hid_t file) { H5Adelete_by_name(file, "/", "complete", H5P_DEFAULT); });
    expect_named("is not whole");
}

TEST_F(CheckpointDamage, LatestSkipsEveryKind) {
    const auto newer = write_checkpoint(folder_.path(), sample(20), 9, alone);
    const std::string good = test::bytes_of(newer);
    std::string flipped = good;
    flipped[flipped.find(std::string("[search]"))] = '{';
    for (const std::string& bytes : {std::string(), good.substr(0, good.size() / 2), flipped}) {
        test::put_bytes(newer, bytes);
        EXPECT_EQ(find_checkpoint(folder_.path(), "latest", alone), path_);
    }
    // Renamed, and the link never moved; or the file it points to is gone.
    test::put_bytes(newer, good);
    std::filesystem::remove(folder_ / "latest.h5");
    EXPECT_EQ(find_checkpoint(folder_.path(), "latest", alone), newer);
    std::filesystem::create_symlink("checkpoint-00000030.h5", folder_ / "latest.h5");
    EXPECT_EQ(find_checkpoint(folder_.path(), "latest", alone), newer);
    try {
        find_checkpoint(folder_.path(), (folder_ / "latest.h5").string(), alone);
        FAIL() << "a link to nowhere was taken";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::restart_refused);
        EXPECT_NE(std::string(error.what()).find("points to checkpoint-00000030.h5"), std::string::npos);
    }
}

/// A program of another version wrote the newest: it is neither damaged nor to be replaced.
TEST_F(CheckpointDamage, AnotherVersionIsNamedAndNothingElseIsTaken) {
    for (const std::int64_t version : {checkpoint_type.version + 1, checkpoint_type.version - 1}) {
        const auto newer = write_checkpoint(folder_.path(), sample(20), 9, alone);
        set_version(newer, version);
        const std::string bytes = test::bytes_of(newer);
        for (const std::string& request : {std::string("latest"), path_.string()}) {
            try {
                find_checkpoint(folder_.path(), request, alone);
                ADD_FAILURE() << request << " was taken beside a checkpoint of version " << version;
            } catch (const UnknownVersion& error) {
                EXPECT_NE(std::string(error.what()).find(newer.string()), std::string::npos) << error.what();
                EXPECT_NE(std::string(error.what()).find("version " + std::to_string(version)), std::string::npos);
            }
        }
        write_checkpoint(folder_.path(), sample(30), 1, alone);
        EXPECT_EQ(test::bytes_of(newer), bytes) << "it was pruned";
        std::filesystem::remove(newer);
        path_ = write_checkpoint(folder_.path(), sample(1), 9, alone);
    }
}

/// The ones that a restart from an older state gave up are the last resort, and the first to go.
TEST_F(CheckpointDamage, WhatWasGivenUpComesLast) {
    for (std::int64_t iteration : {10, 20, 30}) write_checkpoint(folder_.path(), sample(iteration), 9, alone);
    const auto branch = write_checkpoint(folder_.path(), sample(15), 9, alone);
    EXPECT_EQ(find_checkpoint(folder_.path(), "latest", alone), branch);
    test::put_bytes(branch, "");
    EXPECT_EQ(find_checkpoint(folder_.path(), "latest", alone), folder_ / "checkpoint-00000010.h5");
    write_checkpoint(folder_.path(), sample(16), 2, alone);
    EXPECT_TRUE(std::filesystem::exists(folder_ / "checkpoint-00000010.h5"));
    EXPECT_FALSE(std::filesystem::exists(folder_ / "checkpoint-00000030.h5"));
}

TEST_F(CheckpointDamage, KeepCountsWholeOnes) {
    for (std::int64_t iteration : {10, 20, 30}) write_checkpoint(folder_.path(), sample(iteration), 9, alone);
    test::put_bytes(folder_ / "checkpoint-00000030.h5", "");
    test::put_bytes(folder_ / "checkpoint-00000020.h5", whole_.substr(0, whole_.size() / 2));
    write_checkpoint(folder_.path(), sample(40), 2, alone);
    EXPECT_TRUE(std::filesystem::exists(folder_ / "checkpoint-00000010.h5")) << "the second whole one";
    EXPECT_FALSE(std::filesystem::exists(path_));
    write_checkpoint(folder_.path(), sample(50), 2, alone);
    EXPECT_FALSE(std::filesystem::exists(folder_ / "checkpoint-00000010.h5"));
    EXPECT_EQ(folder_.entries(), 5u) << "50, 40, latest.h5, and the damaged ones, which are left to people";
}

/// Whether it is whole cannot be told; the older one would be the wrong answer.
TEST_F(CheckpointDamage, WhatCannotBeReadNowIsNotSkipped) {
    const auto newer = write_checkpoint(folder_.path(), sample(9), 9, alone);
    std::filesystem::permissions(newer, std::filesystem::perms::none);
    // Root may read everything, and becomes nobody for a moment.
    constexpr uid_t nobody = 65534;
    const uid_t self = ::geteuid();
    ASSERT_EQ(::seteuid(self == 0 ? nobody : self), 0);
    EXPECT_THROW(find_checkpoint(folder_.path(), "latest", alone), Unavailable);
    ASSERT_EQ(::seteuid(self), 0);
}

/// What a killed job left takes room that the next checkpoint may need.
TEST_F(CheckpointDamage, LeftoversGoBeforeTheNextOneIsWritten) {
    const auto leftover = folder_ / ".checkpoint-00000099.h5.partial";
    test::put_bytes(leftover, whole_);
    std::filesystem::create_directories(folder_ / "checkpoint-00000002.h5/in the way");
    EXPECT_THROW(write_checkpoint(folder_.path(), sample(2), 1, alone), Error);
    EXPECT_FALSE(std::filesystem::exists(leftover));
    EXPECT_TRUE(std::filesystem::exists(path_)) << "a write that failed removed an older one";
    EXPECT_EQ(find_checkpoint(folder_.path(), "latest", alone), path_);
}

}  // namespace
}  // namespace atnas::io
