// SPDX-License-Identifier: Apache-2.0
#include "atnas/io/reproducibility.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "atnas/comm/communicator.hpp"
#include "atnas/io/hdf5.hpp"

#include "support/folder.hpp"

namespace atnas::io {
namespace {

TEST(Reproducibility, OnceLostItStaysLostAndEachReasonCountsOnce) {
    Reproducibility first;
    EXPECT_TRUE(first.holds());
    EXPECT_EQ(first.text(), "");
    first.lose("a clock decided");
    first.lose("a key changed");
    first.lose("a clock decided");
    EXPECT_FALSE(first.holds());
    EXPECT_EQ(first.text(), "a clock decided; a key changed");
    Reproducibility second;
    second.lose("a key changed");
    second.lose(first);
    EXPECT_EQ(second.reasons(), (std::vector<std::string>{"a key changed", "a clock decided"}));
    second.lose(Reproducibility{});
    EXPECT_FALSE(second.holds());
}

class ReproducibilityFile : public testing::Test {
  protected:
    Reproducibility stored(const Reproducibility& value) {
        const comm::Communicator alone;
        {
            File file = File::create(folder_ / "f.h5", alone, Access::serial, 1 << 16);
            write_reproducibility(file, value);
            file.close();
        }
        return read_reproducibility(File::open(folder_ / "f.h5", alone, Access::serial));
    }

    test::Folder folder_;
};

TEST_F(ReproducibilityFile, ComesBack) {
    EXPECT_TRUE(stored({}).holds());
    Reproducibility lost;
    lost.lose("meta.rate: 0.1 -> 0.2");
    EXPECT_EQ(stored(lost), lost);
    lost.lose("a clock decided; twice");
    EXPECT_EQ(stored(lost), lost);
    EXPECT_EQ(stored(lost).reasons().size(), 2u);
}

TEST_F(ReproducibilityFile, OlderProgramsKeptNoReason) {
    const comm::Communicator alone;
    File file = File::create(folder_ / "old.h5", alone, Access::serial, 1 << 16);
    file.attribute("/", "reproducible", std::int64_t{0});
    const Reproducibility found = read_reproducibility(file);
    EXPECT_FALSE(found.holds());
    EXPECT_NE(found.text().find("older program"), std::string::npos) << found.text();
}

}  // namespace
}  // namespace atnas::io
