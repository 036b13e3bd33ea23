// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/evaluation.hpp"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "atnas/core/error.hpp"

namespace atnas::app {
namespace {

using data::Role;

EvaluationResult result(TaskKind kind, std::vector<double> accuracy) {
    EvaluationResult made;
    made.kind = kind;
    made.task_accuracy = std::move(accuracy);
    made.parameters = 1234;
    made.macs = 56789;
    summarise(made);
    return made;
}

bool says(const Evaluation& evaluation, const std::string& part) {
    return text_of(evaluation).find(part) != std::string::npos;
}

TEST(Evaluation, ASingleTaskHasNoInterval) {
    Evaluation evaluation;
    evaluation.results = {result({5, 1}, {0.5, 0.75})};
    EXPECT_DOUBLE_EQ(evaluation.results[0].accuracy, 0.625);
    EXPECT_NEAR(evaluation.results[0].ci95, 1.96 * 0.125, 1e-12);
    EXPECT_TRUE(says(evaluation, "+- 24.50 %")) << text_of(evaluation);
    evaluation.results = {result({5, 1}, {0.5})};
    EXPECT_TRUE(std::isnan(evaluation.results[0].ci95));
    EXPECT_FALSE(says(evaluation, "+-")) << text_of(evaluation);
    EXPECT_NE(json_of(evaluation).dump().find("\"ci95\":null"), std::string::npos);
}

TEST(Evaluation, OneKindOfTaskStandsAtTheTop) {
    Evaluation evaluation;
    evaluation.results = {result({20, 5}, {0.5, 0.75})};
    evaluation.query = 15;
    const auto document = json_of(evaluation);
    EXPECT_EQ(document["way"], 20);
    EXPECT_EQ(document["shot"], 5);
    EXPECT_EQ(document["accuracy"], 0.625);
    EXPECT_EQ(document["tasks"], 2);
    EXPECT_EQ(document["params"], 1234);
    EXPECT_EQ(document["query"], 15);
    EXPECT_TRUE(says(evaluation, "accuracy 62.50 %") && says(evaluation, "20-way 5-shot, 15 queries"));
}

TEST(Evaluation, SeveralKindsAreATable) {
    Evaluation evaluation;
    evaluation.results = {result({5, 1}, {0.5, 0.75}), result({20, 1}, {0.25, 0.25})};
    evaluation.query = 15;
    evaluation.origin.classes = 30;
    const auto document = json_of(evaluation);
    EXPECT_FALSE(document.contains("accuracy"));
    EXPECT_EQ(document["query"], 15);
    EXPECT_EQ(document["classes"], 30);
    EXPECT_EQ(document["5x1"]["accuracy"], 0.625);
    EXPECT_EQ(document["20x1"]["accuracy"], 0.25);
    EXPECT_EQ(document["20x1"]["way"], 20);
    EXPECT_EQ(document["20x1"]["tasks"], 2);
    for (const char* const part : {"\n5-way 1-shot ", " 62.50 %", "+- 24.50 %", "\n20-way 1-shot ", " 25.00 %",
                                   "+- 0.00 %", "1234", "56789", "2 tasks of each kind, 15 queries"})
        EXPECT_TRUE(says(evaluation, part)) << part << "\n" << text_of(evaluation);
}

TEST(Evaluation, RunsHaveAnErrorEach) {
    Evaluation evaluation;
    evaluation.results = {result({20, 1}, {0.95, 0.85})};
    evaluation.results[0].runs = {{"run01", 20, 20}, {"run02", 20, 20}};
    evaluation.origin.runs = "runs.zip";
    const auto document = json_of(evaluation);
    EXPECT_NEAR(document["error"], 0.1, 1e-12);
    EXPECT_NEAR(document["errors"]["run02"], 0.15, 1e-12);
    EXPECT_EQ(document["way"], 20);
    EXPECT_EQ(document["runs"], "runs.zip");
    for (const char* const of_drawn : {"split", "classes", "seen_classes", "query", "within_group"})
        EXPECT_FALSE(document.contains(of_drawn)) << of_drawn;
    for (const char* const part :
         {"\nrun01                 5.00 %        20        20\n", "\nrun02                15.00 %",
          "mean error 10.00 % +- 9.80 %", "over 2 run(s) of runs.zip"})
        EXPECT_TRUE(says(evaluation, part)) << part << "\n" << text_of(evaluation);
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

TEST(Evaluation, ClassesThatTheSearchUsedAreNotUnseen) {
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
