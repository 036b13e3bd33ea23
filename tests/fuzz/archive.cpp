// SPDX-License-Identifier: Apache-2.0
// The bytes of an archive: imported, or refused.

#include "atnas/data/import_images.hpp"
#include "fuzz/expect_error.hpp"
#include "fuzz/scratch_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static atnas::fuzz::ScratchFile file;
    file.assign({data, size});
    atnas::data::ImportOptions options;
    options.height = options.width = 4;
    for (const auto bad : {atnas::data::BadImages::skip, atnas::data::BadImages::fail}) {
        options.bad_images = bad;
        atnas::fuzz::expect_error_or_success([&] {
            atnas::data::ImportReport report;
            import_images(file.path(), options, report).validate();
        });
    }
    return 0;
}
