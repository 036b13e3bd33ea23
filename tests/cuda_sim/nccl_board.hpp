// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What the ranks of a simulated NCCL communicator share: a folder named after the unique id, with a table of who is
/// where and one file per contribution.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cuda_sim::nccl {

inline constexpr int most_ranks = 64;

enum class Presence : int {
    absent,
    joined,
    quiescent,  ///< in ncclCommFinalize, nothing under way
    gone,       ///< after ncclCommDestroy
    aborted
};

/// One rank, in memory of all processes. Text is written before the atomics that announce it.
struct Slot {
    std::atomic<Presence> presence;
    char device[64];  ///< host-wide name of the GPU
};

/// A contribution: what the sender thinks it is part of, and its bytes.
struct Letter {
    std::string header;
    std::vector<std::byte> bytes;
};

class Board {
  public:
    Board(const std::string& id, int rank, int size, const std::string& device);
    ~Board();
    Board(const Board&) = delete;
    Board& operator=(const Board&) = delete;

    Slot& slot(int rank) const noexcept;
    Slot& own() const noexcept { return slot(rank_); }
    bool all_at_least(Presence presence) const noexcept;
    /// A joined rank whose process is gone, or one that aborted; -1 if there is none.
    int lost_rank() const;
    /// Whether a process that is alive has the communicator and has not left it.
    bool others_use_it() const;
    void leave(Presence presence);

    /// Visible to the others at once and as a whole.
    void put(const std::string& name, const std::string& header, std::span<const std::byte> bytes) const;
    std::optional<Letter> look(const std::string& name) const;
    void remove(const std::string& name) const;

    /// Ends this process, and the others as soon as they look: all name both sides.
    [[noreturn]] void violation(const std::string& text) const;
    /// Ends this process if another one has called violation().
    void share_violation() const;

  private:
    bool exists(const std::string& name) const;
    bool died(int rank) const;

    std::filesystem::path folder_;
    int rank_;
    int size_;
    int lock_;  ///< file whose lock the process holds while it lives
    Slot* slots_;
};

}  // namespace cuda_sim::nccl
