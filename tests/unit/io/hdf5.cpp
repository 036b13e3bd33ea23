// SPDX-License-Identifier: Apache-2.0
#include "atnas/io/hdf5.hpp"

#include <csignal>
#include <cstring>
#include <limits>
#include <utility>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "atnas/core/error.hpp"

#include "support/folder.hpp"

namespace atnas::io {
namespace {

using Shape = std::vector<std::uint64_t>;

const comm::Communicator alone;

File create(const std::filesystem::path& path) {
    return File::create(path, alone, Access::serial);
}
File open(const std::filesystem::path& path) {
    return File::open(path, alone, Access::serial);
}

template <class Work>
Error error_of(const Work& work) {
    try {
        work();
    } catch (const Error& error) {
        return error;
    }
    return {ExitCode::done, Problem{"no error", "", ""}};
}

template <class T>
class Hdf5Types : public testing::Test {};
using Elements = testing::Types<std::int8_t, std::uint8_t, std::int32_t, std::int64_t, float, double>;
TYPED_TEST_SUITE(Hdf5Types, Elements);

TYPED_TEST(Hdf5Types, ArraysComeBack) {
    const test::Folder folder;
    const auto path = folder / "a.h5";
    std::vector<TypeParam> values{
        std::numeric_limits<TypeParam>::lowest(), std::numeric_limits<TypeParam>::max(), 0, 1, 2, 3};
    {
        File file = create(path);
        file.write<TypeParam>("/deep/down/values", values, Shape{2, 3});
        file.write<TypeParam>("/deep/none", {}, Shape{0, 7});
        file.close();
    }
    const File file = open(path);
    EXPECT_EQ(file.read<TypeParam>("/deep/down/values"), values);
    EXPECT_EQ(file.info("/deep/down/values").shape, (Shape{2, 3}));
    EXPECT_TRUE(file.read<TypeParam>("/deep/none").empty());
    EXPECT_EQ(file.info("/deep/none").shape, (Shape{0, 7}));
    EXPECT_FALSE(file.info("/deep/down/other").exists);
    EXPECT_FALSE(file.info("/nowhere/at/all").exists);
    EXPECT_FALSE(file.info("/deep").exists) << "a group is no array";
}

TEST(Hdf5, LargeArraysAcrossChunks) {
    const test::Folder folder;
    std::vector<float> values(150001);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i) * 0.5f;
    File file = create(folder / "a.h5");
    file.write<float>("/plain", values, Shape{values.size()});
    file.write<float>("/small", values, Shape{values.size()}, Storage::deflated);
    file.close();
    const File back = open(folder / "a.h5");
    EXPECT_EQ(back.read<float>("/plain"), values);
    EXPECT_EQ(back.read<float>("/small"), values);
}

/// Sparse, or with a size that somebody else wrote: memory is taken only for what is in the file.
TEST(Hdf5, NoMoreIsReadThanTheFileHolds) {
    const test::Folder folder;
    create(folder / "a.h5").close();
    const auto add = [&](const char* name, hid_t type, std::vector<hsize_t> shape, hid_t how) {
        const hid_t file = H5Fopen((folder / "a.h5").c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
        const hid_t space = H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr);
        const hid_t array = H5Dcreate2(file, name, type, space, H5P_DEFAULT, how, H5P_DEFAULT);
        EXPECT_GE(array, 0) << name;
        H5Dclose(array);
        H5Sclose(space);
        H5Fclose(file);
    };
    constexpr hsize_t large = hsize_t{1} << 40;
    const hid_t chunked = H5Pcreate(H5P_DATASET_CREATE);
    const hsize_t chunk = 1000;
    H5Pset_chunk(chunked, 1, &chunk);
    const hid_t elsewhere = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_external(elsewhere, "/dev/zero", 0, large);
    const hid_t text = H5Tcopy(H5T_C_S1);
    H5Tset_size(text, std::size_t{1} << 30);
    add("/late", H5T_NATIVE_UINT8, {large}, H5P_DEFAULT);
    add("/chunked", H5T_NATIVE_UINT8, {large}, chunked);
    add("/overflow", H5T_NATIVE_UINT8, {large, large}, H5P_DEFAULT);
    add("/elsewhere", H5T_NATIVE_UINT8, {large}, elsewhere);
    add("/texts", text, {1000}, H5P_DEFAULT);
    const File file = open(folder / "a.h5");
    for (const char* name : {"/late", "/chunked", "/overflow", "/elsewhere"})
        EXPECT_EQ(error_of([&] { file.read<std::uint8_t>(name); }).code(), ExitCode::bad_data) << name;
    EXPECT_EQ(error_of([&] { file.read_strings("/texts"); }).code(), ExitCode::bad_data);
    const std::string reason = error_of([&] { file.read<std::uint8_t>("/late"); }).what();
    EXPECT_NE(reason.find("/late"), std::string::npos) << reason;
    EXPECT_NE(reason.find("declares 1099511627776 bytes"), std::string::npos) << reason;
    H5Pclose(chunked);
    H5Pclose(elsewhere);
    H5Tclose(text);
}

/// Zeros, the most that compression can do.
TEST(Hdf5, WhatCompressesWellIsRead) {
    const test::Folder folder;
    const std::vector<std::uint8_t> zeros(20000000);
    File file = create(folder / "a.h5");
    file.write<std::uint8_t>("/zeros", zeros, Shape{zeros.size()}, Storage::deflated);
    file.close();
    EXPECT_TRUE(open(folder / "a.h5").read<std::uint8_t>("/zeros") == zeros);
}

TEST(Hdf5, TextsComeBack) {
    const test::Folder folder;
    const std::vector<std::string> names{"", "a", "Früh/zeichen 01", "longer than the others by far"};
    File file = create(folder / "a.h5");
    file.write_strings("/names", names);
    file.write_strings("/none", {});
    file.attribute("/", "text", std::string("zwölf = 12\n"));
    file.attribute("/", "empty", std::string());
    file.attribute("/", "long", std::string(200000, 'x'));
    file.attribute("/names", "count", std::int64_t{-5000000000});
    file.attribute("/names", "mean", 0.1);
    file.close();
    const File back = open(folder / "a.h5");
    EXPECT_EQ(back.read_strings("/names"), names);
    EXPECT_TRUE(back.read_strings("/none").empty());
    EXPECT_EQ(back.text_attribute("/", "text"), "zwölf = 12\n");
    EXPECT_EQ(back.text_attribute("/", "empty"), "");
    EXPECT_EQ(back.text_attribute("/", "long").size(), 200000u);
    EXPECT_EQ(back.integer_attribute("/names", "count"), -5000000000);
    EXPECT_EQ(back.real_attribute("/names", "mean"), 0.1);
    EXPECT_TRUE(back.has_attribute("/", "text"));
    EXPECT_FALSE(back.has_attribute("/", "other"));
    EXPECT_FALSE(back.has_attribute("/missing", "text"));
}

TEST(Hdf5, AttributesKeepTheirOrderAndChildrenAreSorted) {
    const test::Folder folder;
    File file = create(folder / "a.h5");
    file.group("/z/empty");
    std::vector<std::string> keys;
    for (int i = 0; i < 20; ++i) {  // more than an object header holds
        keys.push_back("key" + std::to_string((7 * i) % 20));
        file.attribute("/z", keys.back(), std::int64_t{i});
    }
    file.write<float>("/a", {}, Shape{0});
    file.close();
    const File back = open(folder / "a.h5");
    EXPECT_EQ(back.attribute_names("/z"), keys);
    EXPECT_EQ(back.children("/"), (std::vector<std::string>{"a", "z"}));
    EXPECT_TRUE(back.children("/z/empty").empty());
}

TEST(Hdf5, EqualContentGivesEqualFiles) {
    const test::Folder folder;
    for (const char* name : {"a.h5", "b.h5"}) {
        File file = create(folder / name);
        file.write<std::int64_t>("/group/values", std::vector<std::int64_t>(70000, 3), Shape{70000});
        file.attribute("/group", "key", std::string("value"));
        file.close();
        if (*name == 'a') ::usleep(1100000);  // times in files have a resolution of a second
    }
    EXPECT_EQ(test::bytes_of(folder / "a.h5"), test::bytes_of(folder / "b.h5"));
}

TEST(Hdf5, ErrorsNameFileObjectAndReason) {
    const test::Folder folder;
    File file = create(folder / "a.h5");
    file.write<float>("/values", std::vector<float>{1, 2}, Shape{2});
    file.attribute("/", "text", std::string("word"));
    file.close();
    const File back = open(folder / "a.h5");
    const auto expect = [&](const Error& error, const char* object, const char* reason) {
        EXPECT_EQ(error.code(), ExitCode::bad_data);
        const std::string text = error.what();
        EXPECT_NE(text.find("a.h5"), std::string::npos) << text;
        EXPECT_NE(text.find(object), std::string::npos) << text;
        EXPECT_NE(text.find(reason), std::string::npos) << text;
    };
    expect(error_of([&] { back.read<float>("/group/missing"); }), "/group/missing", "no such array");
    expect(error_of([&] { back.read<double>("/values"); }), "/values", "another type");
    expect(error_of([&] { back.read_strings("/values"); }), "/values", "another type");
    expect(error_of([&] { back.text_attribute("/", "missing"); }), "missing at /", "no such attribute");
    expect(error_of([&] { back.integer_attribute("/", "text"); }), "text at /", "not a single integer");
    expect(error_of([&] { back.children("/none"); }), "/none", "no such object");
}

TEST(Hdf5, FilesThatCannotBeOpened) {
    const test::Folder folder;
    EXPECT_NE(std::string(error_of([&] { open(folder / "missing.h5"); }).what()).find("no such file"),
              std::string::npos);
    EXPECT_EQ(error_of([&] { open(folder.path()); }).code(), ExitCode::bad_data);
    test::put_bytes(folder / "text.h5", "this is not HDF5");
    const Error error = error_of([&] { open(folder / "text.h5"); });
    EXPECT_EQ(error.code(), ExitCode::bad_data);
    EXPECT_NE(std::string(error.what()).find("signature"), std::string::npos) << error.what();
    test::put_bytes(folder / "empty.h5", "");
    EXPECT_EQ(error_of([&] { open(folder / "empty.h5"); }).code(), ExitCode::bad_data);
}

TEST(Hdf5, FilesThatCannotBeCreated) {
    const test::Folder folder;
    EXPECT_EQ(error_of([&] { create(folder / "no/such/folder.h5"); }).code(), ExitCode::bad_data);
    test::put_bytes(folder / "file", "");
    EXPECT_EQ(error_of([&] { create(folder / "file/a.h5"); }).code(), ExitCode::bad_data);
    EXPECT_EQ(error_of([&] { create("/proc/a.h5"); }).code(), ExitCode::bad_data);
    // More than any disk has: refused before anything is written, and nothing stays.
    const Error error =
        error_of([&] { File::create(folder / "big.h5", alone, Access::serial, std::uint64_t{1} << 60); });
    EXPECT_EQ(error.code(), ExitCode::bad_data);
    EXPECT_FALSE(std::filesystem::exists(folder / "big.h5"));
}

TEST(Hdf5, AFlippedBitIsAnError) {
    const test::Folder folder;
    std::vector<float> values(100000, 1.0f);
    values[70000] = 12345.678f;
    File file = create(folder / "a.h5");
    file.write<float>("/values", values, Shape{values.size()});
    file.close();
    std::string bytes = test::bytes_of(folder / "a.h5");
    char pattern[sizeof(float)];
    std::memcpy(pattern, &values[70000], sizeof(float));
    const std::size_t place = bytes.find(std::string(pattern, sizeof(float)));
    ASSERT_NE(place, std::string::npos);
    bytes[place] = static_cast<char>(bytes[place] ^ 1);
    test::put_bytes(folder / "a.h5", bytes);
    const Error error = error_of([&] { open(folder / "a.h5").read<float>("/values"); });
    EXPECT_EQ(error.code(), ExitCode::bad_data);
    EXPECT_NE(std::string(error.what()).find("/values"), std::string::npos) << error.what();
}

TEST(Hdf5, HandlesMove) {
    Handle first(H5Screate(H5S_SCALAR), H5Sclose, "no space");
    const hid_t id = first.get();
    Handle second(std::move(first));
    EXPECT_LT(first.get(), 0);
    EXPECT_EQ(second.get(), id);
    EXPECT_EQ(second.close(), 0);
    EXPECT_LT(second.get(), 0);
    EXPECT_LT(H5Iis_valid(id), 1);
    EXPECT_THROW(Handle(-1, H5Sclose, "no space"), Error);
}

/// Disk full halfway through: the job ends with a message and exit code 4, and the torn file is gone.
TEST(Hdf5DeathTest, AWriteThatFailsEndsTheJobAndLeavesNoFile) {
    const test::Folder folder;
    const auto path = folder / "a.h5";
    const auto fill = [&] {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{100000, 100000};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        File file = create(path);
        file.write<double>("/values", std::vector<double>(100000, 1.0), Shape{100000});
        file.close();
    };
    EXPECT_EXIT(fill(), testing::ExitedWithCode(4), "/values.*File too large");
    EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace atnas::io
