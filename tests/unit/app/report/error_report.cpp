// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/error_report.hpp"

#include <new>

#include <gtest/gtest.h>

namespace atnas::app {
namespace {

template <class Exception>
ErrorReport report_for(const Exception& exception) {
    return report_of(std::make_exception_ptr(exception));
}

TEST(ErrorReport, OneLinePerProblem) {
    const auto report = report_for(Error(ExitCode::bad_data, {{"a\nb", "why", "do"}, {"c", "", ""}}));
    EXPECT_EQ(report.code, ExitCode::bad_data);
    ASSERT_EQ(report.lines.size(), 2U);
    EXPECT_EQ(report.lines[0], "error: a b (why), do");
    EXPECT_EQ(report.lines[1], "error: c");
}

TEST(ErrorReport, WhatNobodyForesawIsOneLineToo) {
    const auto report = report_for(std::runtime_error("two\nlines"));
    EXPECT_EQ(report.code, ExitCode::failed);
    ASSERT_EQ(report.lines.size(), 1U);
    EXPECT_EQ(report.lines[0].find("error: two lines"), 0U);
    EXPECT_EQ(report_for(std::bad_alloc()).lines.size(), 1U);
    EXPECT_EQ(report_for(42).code, ExitCode::failed);
}

TEST(ErrorReport, OneProcessNeedsNobody) {
    EXPECT_TRUE(all_arrive(comm::Communicator{}, 0));
}

}  // namespace
}  // namespace atnas::app
