// SPDX-License-Identifier: Apache-2.0
// One image file: decoded and resized, or refused.

#include <algorithm>
#include <cstdlib>

#include "atnas/data/bitmap.hpp"
#include "atnas/data/resize.hpp"
#include "fuzz/expect_error.hpp"
#include "fuzz/png_checksums.hpp"

namespace {

using Bytes = std::span<const std::uint8_t>;

/// Whether a header may claim more pixels than are quick to decode. Looks everywhere a JPEG header may lie.
bool claims_much(Bytes file) {
    const auto big = [&](std::size_t at) { return std::int64_t{file[at]} << 8 | file[at + 1]; };
    constexpr std::int64_t most = 1 << 20;
    if (file.size() >= 24 && file[0] == 0x89) return (big(16) | big(20)) != 0 || big(18) * big(22) > most;
    for (std::size_t i = 0; i + 9 < file.size(); ++i) {
        if (file[i] == 0xFF && file[i + 1] >= 0xC0 && file[i + 1] <= 0xC2 && big(i + 5) * big(i + 7) > most)
            return true;
    }
    return false;
}

void decode(Bytes file, int channels) {
    const auto image = atnas::data::decode_bitmap(file, channels, "fuzzed");
    const auto samples = static_cast<std::size_t>(channels) * static_cast<std::size_t>(image.height) *
                         static_cast<std::size_t>(image.width);
    if (image.channels != channels || image.samples.size() != samples) std::abort();
    const auto small = atnas::data::resize(image, 5, 7, atnas::data::Resample::area);
    if (small.samples.size() != static_cast<std::size_t>(channels) * 35) std::abort();
}

}  // namespace

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

/// PNG files keep right checksums, but for one in 16.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most,
                                               unsigned int seed) {
    const std::size_t length = LLVMFuzzerMutate(data, size, most);
    const std::span<std::uint8_t> file(data, length);
    if (seed % 16 != 0 && !file.empty() && file[0] == 0x89) atnas::fuzz::repair_png(file);
    return length;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes file(data, size);
    if (claims_much(file)) return -1;
    for (const int channels : {1, 3}) atnas::fuzz::expect_error_or_success([&] { decode(file, channels); });
    return 0;
}
