// SPDX-License-Identifier: Apache-2.0
// A data set file with other contents than any program of ours would write: read, or refused. What was read can be
// split and is what it says it is.

#include "atnas/io/data_set_file.hpp"

#include <cstddef>
#include <cstdint>

#include "atnas/data/split.hpp"
#include "fuzz/expect_error.hpp"
#include "fuzz/scratch_folder.hpp"
#include "fuzz/stored_file.hpp"

namespace {

using namespace atnas;

fuzz::StoredFile sample() {
    data::ImageSet images;
    images.shape = {1, 2, 3};
    images.first_of_class = {0, 1, 3, 4};
    images.class_names = {"Greek/alpha", "Greek/beta", "Latin/a"};
    images.group_of_class = {0, 0, 1};
    images.group_names = {"Greek", "Latin"};
    images.image_names = {"a.png", "b.png", "c.png", "d.png"};
    images.source = "archive.zip";
    images.pixels.assign(4 * images.image_size(), 7);
    const fuzz::ScratchFolder folder;
    io::write_data_set(folder.path() / "set.h5", images, {{"version", "0"}});
    return fuzz::StoredFile(folder.path() / "set.h5");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::StoredFile whole = sample();
    FuzzedDataProvider bytes(data, size);
    const auto& scratch = fuzz::write_edited(whole, bytes);
    fuzz::expect_error_or_success([&] {
        const data::ImageSet images = io::read_data_set(scratch, comm::Communicator());
        images.validate();
        data::SplitOptions options;
        options.by = data::SplitBy::groups;
        data::make_split(images, options);
    });
    return 0;
}
