// SPDX-License-Identifier: Apache-2.0
#include "atnas/io/metrics.hpp"

#include <csignal>
#include <cstdlib>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <nlohmann/json.hpp>

#include "atnas/core/error.hpp"

#include "support/folder.hpp"

namespace atnas::io {
namespace {

using nlohmann::json;

TEST(Metrics, OneLineEachSeenAtOnce) {
    const test::Folder folder;
    MetricsFile file(folder / "metrics.jsonl", OpenMode::fresh);
    file.append({{"generation", 0}, {"best", 0.5}});
    EXPECT_EQ(test::bytes_of(folder / "metrics.jsonl"), "{\"best\":0.5,\"generation\":0}\n");
    file.append({{"note", "two\nlines"}});
    EXPECT_EQ(test::bytes_of(folder / "metrics.jsonl"),
              "{\"best\":0.5,\"generation\":0}\n{\"note\":\"two\\nlines\"}\n");
}

TEST(Metrics, AppendGoesOnAfterTheLastWholeLine) {
    const test::Folder folder;
    const auto path = folder / "metrics.jsonl";
    test::put_bytes(path, "{\"a\":1}\n{\"a\":");
    { MetricsFile(path, OpenMode::append).append({{"a", 2}}); }
    EXPECT_EQ(test::bytes_of(path), "{\"a\":1}\n{\"a\":2}\n");
    { MetricsFile(path, OpenMode::append).append({{"a", 3}}); }
    EXPECT_EQ(test::bytes_of(path), "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n");
    { MetricsFile(path, OpenMode::fresh).append({{"a", 4}}); }
    EXPECT_EQ(test::bytes_of(path), "{\"a\":4}\n");
    { MetricsFile(folder / "new.jsonl", OpenMode::append).append({{"a", 5}}); }
    EXPECT_EQ(test::bytes_of(folder / "new.jsonl"), "{\"a\":5}\n");
}

TEST(Metrics, NoFolderIsAnError) {
    const test::Folder folder;
    EXPECT_THROW(MetricsFile(folder / "no/metrics.jsonl", OpenMode::fresh), Error);
    EXPECT_THROW(write_json(folder / "no/out.json", json::object()), Error);
    EXPECT_EQ(folder.entries(), 0u);
}

TEST(Metrics, AFullDiskLeavesWholeLines) {
    const test::Folder folder;
    const auto path = folder / "metrics.jsonl";
    const auto fill = [&] {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{100, 100};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        MetricsFile file(path, OpenMode::fresh);
        file.append({{"text", std::string(60, 'x')}});
        bool refused = false;
        try {
            file.append({{"text", std::string(60, 'y')}});
        } catch (const Error& error) {
            refused = error.code() == ExitCode::bad_data;
        }
        file.append({{"z", 1}});  // there is room for a short one
        std::_Exit(refused ? 0 : 1);
    };
    EXPECT_EXIT(fill(), testing::ExitedWithCode(0), "");
    EXPECT_EQ(test::bytes_of(path), "{\"text\":\"" + std::string(60, 'x') + "\"}\n{\"z\":1}\n");
}

TEST(WriteJson, ReplacesAtomicallyAndSurvivesForeignText) {
    const test::Folder folder;
    write_json(folder / "out.json", {{"accuracy", 0.25}});
    write_json(folder / "out.json", {{"accuracy", 0.5}, {"encode", "\xff"}});
    const json back = json::parse(test::bytes_of(folder / "out.json"));
    EXPECT_EQ(back.at("accuracy"), 0.5);
    EXPECT_EQ(folder.entries(), 1u);
}

}  // namespace
}  // namespace atnas::io
