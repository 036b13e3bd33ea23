// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What the sources behind io/hdf5.hpp share.

#include <exception>
#include <filesystem>
#include <string>

#include "atnas/io/hdf5.hpp"

namespace atnas::io {

/// HDF5's innermost message about the call that just failed, e.g. "file signature not found". Call it before any other
/// HDF5 function: the next one clears the stack.
std::string hdf5_reason();

/// HDF5 prints its error stack to stderr unless told otherwise, which means nothing to the users of this program.
void silence_hdf5() noexcept;

/// A UTF-8 text of exactly \p length bytes, zero padded; HDF5 knows none of length 0, which becomes 1.
Handle text_type(std::size_t length);

/// Texts as an array holds them: side by side, each padded with zeros to the length of the longest, 1 at least.
std::string padded(std::span<const std::string> texts);

/// Says why, removes the file that cannot be finished, and ends the job (exit code 4). Never returns.
[[noreturn]] void give_up(const std::filesystem::path& path, const std::string& reason) noexcept;

template <class Work>
void File::commit(const Work& work) const {
    try {
        work();
    } catch (const std::exception& error) {
        give_up(path_, error.what());
    }
}

template <class Work>
void File::agree(const Work& work) const {
    if (access_ == Access::collective) {
        comm::together(*communicator_, work);
    } else {
        work();
    }
}

}  // namespace atnas::io
