// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Owns one file descriptor of the operating system.

#include <utility>

#include <unistd.h>

namespace atnas::io {

class Descriptor {
  public:
    explicit Descriptor(int file) noexcept : file_(file) {}
    ~Descriptor() {
        if (file_ >= 0) ::close(file_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    /// Whether it was opened.
    explicit operator bool() const noexcept { return file_ >= 0; }
    int get() const noexcept { return file_; }
    /// Gives it away.
    int release() noexcept { return std::exchange(file_, -1); }
    /// Closes now and says how that went: some file systems report a full disk only here.
    int close() noexcept { return ::close(std::exchange(file_, -1)); }

  private:
    int file_;
};

}  // namespace atnas::io
