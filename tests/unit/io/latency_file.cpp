// SPDX-License-Identifier: Apache-2.0
#include "atnas/io/latency_file.hpp"

#include <gtest/gtest.h>

#include "support/folder.hpp"

namespace atnas::io {
namespace {

const comm::Communicator alone;

TEST(LatencyFile, HoldsForThePlaceItWasMadeIn) {
    const test::Folder folder;
    const std::map<std::string, double> values{{"a;b", 1.5}, {"c", 20}};
    EXPECT_TRUE(read_latencies(folder.path(), "here", alone).empty());
    write_latencies(folder.path(), {"here", values}, alone);
    EXPECT_EQ(read_latencies(folder.path(), "here", alone), values);
    EXPECT_TRUE(read_latencies(folder.path(), "elsewhere", alone).empty());
    EXPECT_EQ(folder.entries(), 1u);
}

TEST(LatencyFile, WhatCannotBeReadIsMeasuredAnew) {
    const test::Folder folder;
    for (const char* text :
         {"", "{", "[]", R"({"place": "here"})", R"({"place": 1, "microseconds": {}})",
          R"({"place": "here", "microseconds": {"a": -1}})", R"({"place": "here", "microseconds": {"a": "b"}})",
          R"({"place": "here", "microseconds": [1]})"}) {
        test::put_bytes(folder / "latency.json", text);
        EXPECT_TRUE(read_latencies(folder.path(), "here", alone).empty()) << text;
    }
}

}  // namespace
}  // namespace atnas::io
