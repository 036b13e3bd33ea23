// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include "atnas/core/error.hpp"
#include "atnas/io/hdf5.hpp"

namespace atnas::io {

namespace {

/// No stream of deflate gives more bytes than this for one of its own.
constexpr std::uint64_t deflate_ratio = 1032;

/// The largest number where the product is larger.
std::uint64_t bytes_of(std::span<const std::uint64_t> shape, std::uint64_t element) noexcept {
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    if (std::ranges::find(shape, std::uint64_t{0}) != shape.end()) return 0;
    std::uint64_t bytes = element;
    for (const std::uint64_t length : shape) {
        if (bytes > most / length) return most;
        bytes *= length;
    }
    return bytes;
}

/// How many bytes one stored byte can become.
std::uint64_t ratio_of(hid_t creation) {
    const int filters = H5Pget_nfilters(creation);
    for (int i = 0; i < filters; ++i) {
        std::size_t values = 0;
        unsigned flags = 0;
        const H5Z_filter_t filter =
            H5Pget_filter2(creation, static_cast<unsigned>(i), &flags, &values, nullptr, 0, nullptr, nullptr);
        if (filter != H5Z_FILTER_FLETCHER32 && filter != H5Z_FILTER_SHUFFLE) return deflate_ratio;
    }
    return 1;
}

/// Of one chunk; 0 where there are none.
std::uint64_t chunk_bytes(hid_t creation, std::size_t axes, std::uint64_t element) {
    if (H5Pget_layout(creation) != H5D_CHUNKED || axes == 0) return 0;
    std::vector<hsize_t> chunk(axes, 0);
    H5Pget_chunk(creation, static_cast<int>(axes), chunk.data());
    return bytes_of(std::vector<std::uint64_t>(chunk.begin(), chunk.end()), element);
}

}  // namespace

std::size_t File::expect_stored(hid_t array, const std::string& name, std::span<const std::uint64_t> shape,
                                std::size_t element) const {
    const std::string problem = describe("read", name);
    const Handle creation(H5Dget_create_plist(array), H5Pclose, problem);
    if (H5Pget_external_count(creation.get()) > 0 || H5Pget_layout(creation.get()) == H5D_VIRTUAL)
        throw Error(ExitCode::bad_data, Problem{problem, "its elements are in another file", ""});
    const std::uint64_t declared = bytes_of(shape, element);
    if (declared == 0) return 0;
    std::error_code ignored;
    const std::uint64_t file_bytes = std::filesystem::file_size(path_, ignored);
    const std::uint64_t stored = std::min<std::uint64_t>(H5Dget_storage_size(array), file_bytes);
    const std::uint64_t needed = std::max(declared, chunk_bytes(creation.get(), shape.size(), element));
    if (needed / ratio_of(creation.get()) > stored)
        throw Error(ExitCode::bad_data, Problem{problem,
                                                "it declares " + std::to_string(needed) + " bytes, the file holds " +
                                                    std::to_string(stored) + " for it",
                                                "use another copy of the file"});
    return declared;
}

}  // namespace atnas::io
