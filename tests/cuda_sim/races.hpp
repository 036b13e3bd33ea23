// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Races between streams. Every word of device and pinned memory knows who wrote it last and who has read it since; an
/// access that nothing orders after those is a violation, whatever order the simulated device happens to run them in.
/// What orders: the place in a stream, events, and what the host had waited for when it queued something.
/// Hold the device's lock.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "clock.hpp"
#include "device.hpp"

namespace cuda_sim {

/// What is remembered of one word of memory.
struct Word {
    std::uint32_t writer;   ///< the last item that wrote it
    std::uint32_t readers;  ///< since then: one item, or a set of them
};
inline constexpr std::size_t word_bytes = 4;

/// Of all simulated memory. Constant until the first item is known, so that looking costs nothing.
struct Remembered {
    const std::byte* begin{nullptr};
    std::size_t bytes{0};
    Word* words{nullptr};
    std::uint32_t item{0};  ///< that runs

    bool covers(const void* address) const noexcept {
        return static_cast<std::size_t>(static_cast<const std::byte*>(address) - begin) < bytes;
    }
    Word* word_at(const void* address) const noexcept {
        return words + static_cast<std::size_t>(static_cast<const std::byte*>(address) - begin) / word_bytes;
    }
};
extern constinit Remembered remembered;

/// Number of an item among all that were ever queued, from 1 on.
using ItemNumber = std::uint32_t;

/// Makes a new item known. \p serial: its place in its stream.
ItemNumber register_item(const std::string& what, std::uint32_t stream, std::uint64_t serial);

/// While it lives, accesses are those of one item, which comes after what \p before says.
class Running {
  public:
    Running(ItemNumber item, std::shared_ptr<const Clock> before);
    ~Running();
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
};

/// Nobody has read or written the range so far.
void forget_accesses(const void* pointer, std::size_t bytes);

}  // namespace cuda_sim
