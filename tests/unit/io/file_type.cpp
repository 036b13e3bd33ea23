// SPDX-License-Identifier: Apache-2.0
#include "atnas/io/file_type.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "atnas/core/error.hpp"

#include "support/folder.hpp"

namespace atnas::io {
namespace {

const comm::Communicator alone;

enum class Completion { marked, missing };

void make(const std::filesystem::path& path, FileType type, Completion completion) {
    File file = File::create(path, alone, Access::serial);
    write_type(file, type);
    if (completion == Completion::marked) write_completion(file);
    file.close();
}

std::string refusal(const std::filesystem::path& path, FileType type) {
    try {
        expect_type(File::open(path, alone, Access::serial), type);
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::bad_data);
        return error.what();
    }
    return "";
}

TEST(FileType, ReadersRefuseWhatTheyDoNotKnow) {
    const test::Folder folder;
    make(folder / "good.h5", checkpoint_type, Completion::marked);
    EXPECT_EQ(refusal(folder / "good.h5", checkpoint_type), "");
    EXPECT_NE(refusal(folder / "good.h5", data_set_type).find("atnas-checkpoint"), std::string::npos);
    make(folder / "next.h5", {checkpoint_type.name, checkpoint_type.version + 1}, Completion::marked);
    EXPECT_NE(refusal(folder / "next.h5", checkpoint_type).find("a newer program wrote it"), std::string::npos);
    EXPECT_THROW(expect_type(File::open(folder / "next.h5", alone, Access::serial), checkpoint_type), UnknownVersion);
    make(folder / "past.h5", {checkpoint_type.name, checkpoint_type.version - 1}, Completion::marked);
    EXPECT_NE(refusal(folder / "past.h5", checkpoint_type).find("an older program wrote it"), std::string::npos);
    make(folder / "torn.h5", checkpoint_type, Completion::missing);
    EXPECT_NE(refusal(folder / "torn.h5", checkpoint_type).find("not whole"), std::string::npos);
    File foreign = File::create(folder / "foreign.h5", alone, Access::serial);
    foreign.close();
    EXPECT_NE(refusal(folder / "foreign.h5", checkpoint_type).find("atnas.filetype is missing"), std::string::npos);
    EXPECT_EQ(type_name(File::open(folder / "foreign.h5", alone, Access::serial)), "");
    EXPECT_EQ(type_name(File::open(folder / "next.h5", alone, Access::serial)), "atnas-checkpoint");
}

TEST(FileType, IsAskedWithoutAnError) {
    const test::Folder folder;
    make(folder / "set.h5", {data_set_type.name, data_set_type.version + 1}, Completion::missing);
    std::ofstream(folder / "text.h5") << "no file of ours";
    EXPECT_TRUE(has_type(folder / "set.h5", data_set_type));
    EXPECT_FALSE(has_type(folder / "set.h5", network_type));
    EXPECT_FALSE(has_type(folder / "text.h5", data_set_type));
    EXPECT_FALSE(has_type(folder / "none.h5", data_set_type));
    EXPECT_FALSE(has_type("", data_set_type));
}

TEST(FileType, WhatAFileIsForIsSaidWhereItIsTakenForAnother) {
    const test::Folder folder;
    make(folder / "net.h5", network_type, Completion::marked);
    EXPECT_NE(refusal(folder / "net.h5", checkpoint_type).find("`atnas predict`"), std::string::npos);
    make(folder / "check.h5", checkpoint_type, Completion::marked);
    EXPECT_NE(refusal(folder / "check.h5", network_type).find("`atnas adapt`"), std::string::npos);
    make(folder / "set.h5", data_set_type, Completion::marked);
    EXPECT_NE(refusal(folder / "set.h5", network_type).find("--data"), std::string::npos);
}

TEST(FileType, TheProgramThatWroteAnotherVersionIsNamed) {
    const test::Folder folder;
    File file = File::create(folder / "past.h5", alone, Access::serial);
    write_type(file, {checkpoint_type.name, checkpoint_type.version - 1});
    write_provenance(file, {{"version", "0.1.0"}, {"git_revision", "abc123"}});
    write_completion(file);
    file.close();
    EXPECT_NE(refusal(folder / "past.h5", checkpoint_type).find("an older program of revision abc123 wrote it"),
              std::string::npos);
}

TEST(FileType, ProvenanceKeepsItsOrder) {
    const test::Folder folder;
    const Provenance provenance{{"version", "1"}, {"host", "b"}, {"compiler", ""}, {"command line", "atnas x"}};
    File file = File::create(folder / "a.h5", alone, Access::serial);
    write_provenance(file, provenance);
    file.close();
    File back = File::open(folder / "a.h5", alone, Access::serial);
    EXPECT_EQ(read_provenance(back), provenance);
}

}  // namespace
}  // namespace atnas::io
