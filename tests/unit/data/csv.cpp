// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/csv.hpp"

#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace atnas::data {
namespace {

using namespace atnas::data::testing;
using Rows = std::vector<std::vector<std::string>>;

Rows rows_of(std::string_view text) {
    Rows rows;
    for (const CsvRecord& record : parse_csv(text, "t.csv")) rows.push_back(record.fields);
    return rows;
}

TEST(Csv, FieldsLieBetweenCommas) {
    EXPECT_EQ(rows_of("a,b\nc,d\n"), (Rows{{"a", "b"}, {"c", "d"}}));
    EXPECT_EQ(rows_of("a,,\n"), (Rows{{"a", "", ""}}));
    EXPECT_EQ(rows_of(",x"), (Rows{{"", "x"}}));
    EXPECT_EQ(rows_of(" a , b "), (Rows{{" a ", " b "}}));
    EXPECT_EQ(rows_of(""), Rows{});
}

TEST(Csv, AllLineEndsAndEmptyLines) {
    EXPECT_EQ(rows_of("\xEF\xBB\xBF"
                      "a,b\r\n\r\nc,d\re\n\n"),
              (Rows{{"a", "b"}, {"c", "d"}, {"e"}}));
}

TEST(Csv, QuotedFields) {
    EXPECT_EQ(rows_of("\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\n\"\",c\n"),
              (Rows{{"a,b", "say \"hi\"", "two\nlines"}, {"", "c"}}));
}

TEST(Csv, LinesAreCounted) {
    const auto records = parse_csv("a\r\n\r\n\"b\nb\"\nc", "t.csv");
    ASSERT_EQ(records.size(), 3U);
    EXPECT_EQ(records[0].line, 1U);
    EXPECT_EQ(records[1].line, 3U);
    EXPECT_EQ(records[2].line, 5U);
}

TEST(Csv, BadQuotesAreNamed) {
    for (const auto& [text, line] : {std::pair("a,b\nc,\"d\ne\n", "line 2"), std::pair("\"a\"b,c\n", "line 1")}) {
        const Caught caught = error_of([&, text = text] { parse_csv(text, "t.csv"); });
        EXPECT_EQ(caught.code, ExitCode::bad_data);
        EXPECT_TRUE(caught.mentions("t.csv")) << caught.text;
        EXPECT_TRUE(caught.mentions(line)) << caught.text;
    }
}

TEST(Csv, WhatIsWrittenIsRead) {
    for (const std::string text : {"plain", "a,b", "say \"hi\"", "two\nlines", "\r", "", "\""})
        EXPECT_EQ(rows_of("x," + csv_field(text) + ",y\n"), (Rows{{"x", text, "y"}})) << text;
    EXPECT_EQ(csv_field("plain"), "plain");
}

}  // namespace
}  // namespace atnas::data
