// SPDX-License-Identifier: Apache-2.0
#include "atnas/io/data_set_file.hpp"

#include <gtest/gtest.h>

#include "atnas/core/error.hpp"
#include "atnas/io/file_type.hpp"
#include "atnas/io/hdf5.hpp"

#include "support/folder.hpp"

namespace atnas::io {
namespace {

const comm::Communicator alone;

data::ImageSet sample() {
    data::ImageSet images;
    images.shape = {3, 5, 4};
    images.first_of_class = {0, 2, 5};
    images.class_names = {"Greek/character01", "Tagálog/character02"};
    images.group_of_class = {0, 1};
    images.group_names = {"Greek", "Tagálog"};
    images.image_names = {"a.png", "b.png", "c.png", "d.png", "long name.png"};
    images.source = "archive.zip";
    images.pixels.resize(5 * images.image_size());
    for (std::size_t i = 0; i < images.pixels.size(); ++i) images.pixels[i] = static_cast<std::uint8_t>(i * 37);
    return images;
}

void expect_equal(const data::ImageSet& a, const data::ImageSet& b) {
    EXPECT_EQ(a.shape, b.shape);
    EXPECT_EQ(a.pixels, b.pixels);
    EXPECT_EQ(a.first_of_class, b.first_of_class);
    EXPECT_EQ(a.class_names, b.class_names);
    EXPECT_EQ(a.group_of_class, b.group_of_class);
    EXPECT_EQ(a.group_names, b.group_names);
    EXPECT_EQ(a.image_names, b.image_names);
    EXPECT_EQ(a.source, b.source);
}

ExitCode read_code(const std::filesystem::path& path) {
    try {
        read_data_set(path, alone);
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find(path.filename().string()), std::string::npos) << error.what();
        return error.code();
    }
    return ExitCode::done;
}

TEST(DataSetFile, ComesBack) {
    const test::Folder folder;
    write_data_set(folder / "set.h5", sample(), {{"version", "0.1.0"}});
    expect_equal(read_data_set(folder / "set.h5", alone), sample());
    EXPECT_EQ(folder.entries(), 1u);
    data::ImageSet nameless = sample();  // synthetic sets have no image names
    nameless.image_names.clear();
    write_data_set(folder / "set.h5", nameless, {});
    expect_equal(read_data_set(folder / "set.h5", alone), nameless);
}

TEST(DataSetFile, IsKnownByItsContent) {
    const Digest digest = content_digest(sample());
    data::ImageSet same = sample();
    same.source = "elsewhere";
    same.image_names.clear();
    EXPECT_EQ(content_digest(same), digest);
    std::vector<data::ImageSet> others(5, sample());
    others[0].pixels[7] ^= 1;
    others[1].shape = {3, 4, 5};
    others[2].first_of_class[1] = 3;
    others[3].class_names[1] = "Tagálog/character03";
    others[4].group_of_class = {1, 0};
    for (const data::ImageSet& other : others) EXPECT_NE(content_digest(other), digest);
    EXPECT_EQ(digest.text(), "58aea0316f62ce52") << "it is part of checkpoints";
}

TEST(DataSetFile, IsCompressed) {
    const test::Folder folder;
    data::ImageSet images = sample();
    images.shape = {1, 200, 200};
    images.pixels.assign(5 * images.image_size(), 255);
    write_data_set(folder / "set.h5", images, {});
    EXPECT_LT(std::filesystem::file_size(folder / "set.h5"), images.pixels.size() / 5);
    EXPECT_EQ(read_data_set(folder / "set.h5", alone).pixels, images.pixels);
}

TEST(DataSetFile, RefusesWhatItIsNot) {
    const test::Folder folder;
    EXPECT_EQ(read_code(folder / "missing.h5"), ExitCode::bad_data);
    test::put_bytes(folder / "text.h5", "not HDF5");
    EXPECT_EQ(read_code(folder / "text.h5"), ExitCode::bad_data);
    File other = File::create(folder / "other.h5", alone, Access::serial);
    write_type(other, checkpoint_type);
    write_completion(other);
    other.close();
    EXPECT_EQ(read_code(folder / "other.h5"), ExitCode::bad_data);
    File hollow = File::create(folder / "hollow.h5", alone, Access::serial);
    write_type(hollow, data_set_type);
    write_completion(hollow);
    hollow.close();
    EXPECT_EQ(read_code(folder / "hollow.h5"), ExitCode::bad_data);
}

TEST(DataSetFile, TruncatedAnywhereIsAnError) {
    const test::Folder folder;
    write_data_set(folder / "set.h5", sample(), {});
    const std::string whole = test::bytes_of(folder / "set.h5");
    for (std::size_t part = 0; part < 20; ++part) {
        test::put_bytes(folder / "cut.h5", whole.substr(0, whole.size() * part / 20));
        EXPECT_EQ(read_code(folder / "cut.h5"), ExitCode::bad_data) << part;
    }
    test::put_bytes(folder / "cut.h5", whole.substr(0, whole.size() - 1));
    EXPECT_EQ(read_code(folder / "cut.h5"), ExitCode::bad_data);
}

TEST(DataSetFile, CannotBeWritten) {
    const test::Folder folder;
    EXPECT_THROW(write_data_set(folder / "no/set.h5", sample(), {}), Error);
    data::ImageSet broken = sample();
    broken.pixels.pop_back();
    EXPECT_THROW(write_data_set(folder / "set.h5", broken, {}), Error);
    EXPECT_EQ(folder.entries(), 0u);
}

}  // namespace
}  // namespace atnas::io
