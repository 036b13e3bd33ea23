// SPDX-License-Identifier: Apache-2.0
#include "fuzz/scratch_file.hpp"

#include <cstdlib>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

namespace atnas::fuzz {

ScratchFile::ScratchFile()
    : descriptor_(::memfd_create("scratch", MFD_CLOEXEC)), path_("/proc/self/fd/" + std::to_string(descriptor_)) {
    if (descriptor_ < 0) std::abort();
}

ScratchFile::~ScratchFile() {
    ::close(descriptor_);
}

void ScratchFile::assign(std::span<const std::uint8_t> bytes) {
    const auto size = static_cast<ssize_t>(bytes.size());
    if (::ftruncate(descriptor_, 0) != 0 || ::pwrite(descriptor_, bytes.data(), bytes.size(), 0) != size) std::abort();
}

}  // namespace atnas::fuzz
