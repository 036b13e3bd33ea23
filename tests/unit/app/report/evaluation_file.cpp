// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/evaluation_file.hpp"

#include <cmath>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "atnas/core/error.hpp"

namespace atnas::app {
namespace {

using data::Role;

TEST(EvaluationFile, ASingleTaskHasNoInterval) {
    Evaluation evaluation;
    evaluation.task_accuracy = {0.5, 0.75};
    summarise(evaluation);
    EXPECT_DOUBLE_EQ(evaluation.accuracy, 0.625);
    EXPECT_NEAR(evaluation.ci95, 1.96 * 0.125, 1e-12);
    EXPECT_NE(text_of(evaluation).find("+- 24.50 %"), std::string::npos) << text_of(evaluation);
    evaluation.task_accuracy = {0.5};
    summarise(evaluation);
    EXPECT_TRUE(std::isnan(evaluation.ci95));
    EXPECT_EQ(text_of(evaluation).find("+-"), std::string::npos) << text_of(evaluation);
    EXPECT_EQ(json_of(evaluation).dump().find("\"ci95\":null") == std::string::npos, false);
}

std::string refusal(const io::DataRecord& now, Role role, const io::DataRecord& stored) {
    try {
        expect_unseen(now, role, stored);
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::bad_deck);
        return error.what();
    }
    return "";
}

TEST(EvaluationFile, ClassesThatTheSearchUsedAreNotUnseen) {
    const io::DataRecord stored{"a.h5", "1111", {"a", "b"}, {"c"}, {"d", "e"}};
    for (const Role role : {Role::train, Role::validation, Role::test}) EXPECT_EQ(refusal(stored, role, stored), "");
    EXPECT_EQ(seen_classes(stored, Role::test, stored), 0);
    EXPECT_EQ(seen_classes(stored, Role::validation, stored), 1);
    EXPECT_EQ(seen_classes(stored, Role::train, stored), 2);

    io::DataRecord now{"a.h5", "1111", {"d"}, {"a"}, {"b", "c", "e"}};
    const std::string test = refusal(now, Role::test, stored);
    EXPECT_NE(test.find("1 of the 3 classes, b among them"), std::string::npos) << test;
    EXPECT_NE(test.find("1 of the 3 classes, c among them"), std::string::npos) << test;
    EXPECT_NE(refusal(now, Role::validation, stored).find("trained on"), std::string::npos);
    EXPECT_EQ(refusal(now, Role::train, stored), "") << "asked for by name";
    EXPECT_EQ(seen_classes(now, Role::test, stored), 2);

    now.digest = "2222";  // classes of equal names may be others
    EXPECT_EQ(refusal(now, Role::test, stored), "");
    EXPECT_EQ(seen_classes(now, Role::test, stored), 2);
}

}  // namespace
}  // namespace atnas::app
