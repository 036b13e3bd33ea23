// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/search_journal.hpp"

#include <cmath>
#include <fstream>
#include <vector>

#include <gtest/gtest.h>

namespace atnas::engine {
namespace {

namespace fs = std::filesystem;

class SearchJournalTest : public testing::Test {
  protected:
    SearchJournalTest() { fs::remove(path); }
    ~SearchJournalTest() override { fs::remove(path); }

    SearchJournal open(const std::string& key = "key 1") const { return {path, key, comm::Communicator()}; }

    const fs::path path = fs::path(testing::TempDir()) / "atnas_journal.search";
    const std::vector<space::Genotype> encodes{{{1, 2, 3}}, {{1, 2, 4}}, {{-1, 0, 0}}};
    const std::vector<FoldResult> results{{1.0 / 3, 0.1}, {2.5, 1}, {std::nan(""), 0}};
};

TEST_F(SearchJournalTest, KnowsAgainWhatItWasTold) {
    SearchJournal first = open();
    EXPECT_EQ(first.unknown(encodes), encodes);
    first.add(std::span(encodes).first(2), std::span(results).first(2));
    first.add(std::span(encodes).last(1), std::span(results).last(1));
    const SearchJournal again = open();
    EXPECT_EQ(again.size(), 3u);
    EXPECT_TRUE(again.unknown(encodes).empty());
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_EQ(again.result(encodes[i]).loss, results[i].loss);
        EXPECT_EQ(again.result(encodes[i]).accuracy, results[i].accuracy);
    }
    EXPECT_TRUE(std::isnan(again.result(encodes[2]).loss));
}

TEST_F(SearchJournalTest, OfAnotherSearchKnowsNothing) {
    open().add(encodes, results);
    EXPECT_EQ(open("key 2").size(), 0u);
    EXPECT_EQ(open().size(), 3u);
    std::ofstream(path) << "something else";
    EXPECT_EQ(open().size(), 0u);
}

TEST_F(SearchJournalTest, LeavesNothingOnceItIsClosed) {
    SearchJournal journal = open();
    journal.add(encodes, results);
    EXPECT_TRUE(fs::exists(path));
    journal.close();
    EXPECT_FALSE(fs::exists(path));
    EXPECT_FALSE(fs::exists(path.string() + ".partial"));
}

TEST_F(SearchJournalTest, WithoutAFileRemembersForItself) {
    SearchJournal journal;
    journal.add(encodes, results);
    EXPECT_EQ(journal.unknown(std::vector<space::Genotype>{{{9}}}).size(), 1u);
    EXPECT_EQ(journal.result(encodes[1]).loss, 2.5);
}

}  // namespace
}  // namespace atnas::engine
