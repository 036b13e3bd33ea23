// SPDX-License-Identifier: Apache-2.0
// Images in an IDX file with a whole file of labels: imported, or refused.

#include <array>
#include <cstdint>

#include "atnas/data/import_idx.hpp"
#include "fuzz/expect_error.hpp"
#include "fuzz/scratch_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::array<std::uint8_t, 10> two_labels{0, 0, 8, 1, 0, 0, 0, 2, 0, 1};
    static atnas::fuzz::ScratchFile images;
    static atnas::fuzz::ScratchFile labels;
    images.assign({data, size});
    labels.assign(two_labels);
    atnas::fuzz::expect_error_or_success([&] {
        atnas::data::ImportReport report;
        import_idx({images.path(), labels.path()}, {.height = 2, .width = 2, .channels = 0}, {}, report).validate();
    });
    return 0;
}
