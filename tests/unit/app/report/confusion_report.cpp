// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/confusion_report.hpp"

#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace atnas::app {
namespace {

const std::vector<std::string> names{"cat", "dog", "owl", "yak"};

/// Two of four cats are dogs and one is an owl, one of two dogs is an owl, owls are owls, and no yak was shown.
engine::Confusion animals() {
    engine::Confusion confusion(std::array{0, 1, 2, 3});
    confusion.add({std::array{0, 1, 2}, std::array{0, 0, 0, 0, 1, 1, 2}, std::array{1, 0, 1, 2, 2, 1, 2}});
    return confusion;
}

TEST(ConfusionReport, TextNamesTheWorst) {
    const std::string text = text_of(animals(), names);
    EXPECT_EQ(text.find("3 of 4 classes were shown"), 0U) << text;
    const auto cat = text.find("cat                                       25.00 % of 4 queries");
    const auto dog = text.find("dog                                       50.00 % of 2 queries");
    EXPECT_LT(cat, dog) << text;
    EXPECT_NE(dog, std::string::npos) << text;
    EXPECT_EQ(text.find("yak"), std::string::npos) << text;
    EXPECT_NE(text.find("mistakes:\n  cat taken for dog: 2 of 4 queries\n  cat taken for owl: 1 of 4 queries\n  dog "
                        "taken for owl: 1 of 2"),
              std::string::npos)
        << text;
}

TEST(ConfusionReport, JsonHasEveryClass) {
    const auto document = json_of(animals(), names);
    const auto& classes = document["classes"];
    EXPECT_EQ(classes.size(), 4U);
    EXPECT_EQ(classes["cat"]["queries"], 4);
    EXPECT_DOUBLE_EQ(classes["cat"]["right"], 0.25);
    EXPECT_EQ(classes["cat"]["taken_for"], "dog");
    EXPECT_EQ(classes["cat"]["times"], 2);
    EXPECT_EQ(classes["owl"]["right"], 1.0);
    EXPECT_FALSE(classes["owl"].contains("taken_for"));
    EXPECT_NE(classes.dump().find("\"yak\":{\"queries\":0,\"right\":null}"), std::string::npos) << classes.dump();
    ASSERT_EQ(document["mistakes"].size(), 3U);
    EXPECT_EQ(document["mistakes"][0]["class"], "cat");
    EXPECT_EQ(document["mistakes"][0]["times"], 2);
}

}  // namespace
}  // namespace atnas::app
