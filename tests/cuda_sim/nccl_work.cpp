// SPDX-License-Identifier: Apache-2.0
// How queued operations of the simulated NCCL are carried out: everything a rank gives is put up as a file, and an
// attempt looks whether what it needs is there.
#include <cstdlib>
#include <cstring>

#include "device.hpp"
#include "nccl_state.hpp"

namespace cuda_sim::nccl {
namespace {

using Clock = std::chrono::steady_clock;

/// So long all ranks of a circle must have been seen waiting without any progress.
constexpr std::chrono::seconds deadlock_window{2};

bool is_collective(Kind kind) noexcept {
    return kind == Kind::all_reduce || kind == Kind::all_gather;
}

std::string collective_name(std::uint64_t number, int rank) {
    return "collective." + std::to_string(number) + "." + std::to_string(rank);
}

std::string message_name(int from, int to, std::uint64_t number) {
    return "message." + std::to_string(from) + "." + std::to_string(to) + "." + std::to_string(number);
}

/// ATNAS_SIM_NCCL_HANG=N, of the rank ATNAS_SIM_RANK if that is set.
bool is_to_hang(const Communicator& communicator, std::uint64_t number) {
    const char* text = std::getenv("ATNAS_SIM_NCCL_HANG");
    if (text == nullptr || std::strtoull(text, nullptr, 10) != number) return false;
    const char* rank = std::getenv("ATNAS_SIM_RANK");
    return rank == nullptr || std::atoi(rank) == communicator.rank;
}

/// An operation with its number among those it has to match.
struct Part {
    Operation operation;
    std::uint64_t number;
    bool done{false};
};

class Group {
  public:
    Group(std::shared_ptr<Communicator> communicator, const std::vector<Operation>& operations)
        : comm_(std::move(communicator)), place_(comm_->launched++), hangs_(is_to_hang(*comm_, place_ + 1)) {
        for (const Operation& operation : operations) {
            std::uint64_t& counter = is_collective(operation.kind)     ? comm_->collectives
                                     : operation.kind == Kind::receive ? comm_->received[operation.peer]
                                                                       : comm_->sent[operation.peer];
            parts_.push_back({operation, counter++});
        }
    }

    /// True when all is done, or was aborted.
    bool attempt() {
        const std::lock_guard lock(comm_->mutex);
        if (comm_->aborted) return true;
        comm_->board.share_violation();
        if (hangs_ || comm_->executed != place_ || comm_->error != ncclSuccess) return false;
        if (!published_) publish();
        bool done = true;
        std::uint64_t waits_for = 0;
        for (Part& part : parts_) {
            if (!part.done) part.done = advance(part, waits_for);
            done = done && part.done;
        }
        if (!done) {
            wait(waits_for);
            return false;
        }
        for (const Part& part : parts_) note(part.operation);
        ++comm_->executed;
        comm_->board.own().waits_for = 0;
        ++comm_->board.own().progress;
        return true;
    }

  private:
    Board& board() const noexcept { return comm_->board; }

    static std::span<const std::byte> values(const Operation& operation) noexcept {
        return {static_cast<const std::byte*>(operation.from), operation.bytes()};
    }

    /// Reads come first: results may lie where the values came from.
    void note(const Operation& operation) const {
        const std::size_t bytes = operation.bytes();
        const auto ranks = static_cast<std::size_t>(comm_->size);
        if (operation.from != nullptr) note_read(operation.from, bytes);
        if (operation.to != nullptr)
            note_write(operation.to, operation.kind == Kind::all_gather ? bytes * ranks : bytes);
    }

    void publish() {
        published_ = true;
        comm_->progress_then.clear();
        bool first = true;
        for (const Part& part : parts_) {
            const Operation& operation = part.operation;
            if (operation.kind == Kind::send)
                board().put(message_name(comm_->rank, operation.peer, part.number), header_of(operation),
                            values(operation));
            if (!is_collective(operation.kind)) continue;
            board().put(collective_name(part.number, comm_->rank), header_of(operation), values(operation));
            // Who takes part in the last collective is done with the one before it; all must be there to end one.
            if (first && part.number >= 2) board().remove(collective_name(part.number - 2, comm_->rank));
            first = false;
        }
    }

    /// Whether the part is done; adds the ranks it waits for.
    bool advance(const Part& part, std::uint64_t& waits_for) {
        switch (part.operation.kind) {
            case Kind::send:
                return send(part, waits_for);
            case Kind::receive:
                return receive(part, waits_for);
            case Kind::all_reduce:
            case Kind::all_gather:
                break;
        }
        return collect(part, waits_for);
    }

    /// A send is done when the other side has taken it: nothing may rely on room in between.
    bool send(const Part& part, std::uint64_t& waits_for) {
        const int peer = part.operation.peer;
        if (!board().exists(message_name(comm_->rank, peer, part.number))) return true;
        if (board().slot(peer).presence == Presence::quiescent)
            board().violation("rank " + std::to_string(comm_->rank) + ": " + header_of(part.operation) + " to rank " +
                              std::to_string(peer) + ", which finalises without a matching ncclRecv");
        waits_for |= std::uint64_t{1} << peer;
        return false;
    }

    bool receive(const Part& part, std::uint64_t& waits_for) {
        const Operation& operation = part.operation;
        const std::string name = message_name(operation.peer, comm_->rank, part.number);
        const auto letter = board().look(name);
        if (!letter) {
            if (board().slot(operation.peer).presence == Presence::quiescent)
                board().violation("rank " + std::to_string(comm_->rank) + ": " + header_of(operation) + " from rank " +
                                  std::to_string(operation.peer) + ", which finalises without a matching ncclSend");
            waits_for |= std::uint64_t{1} << operation.peer;
            return false;
        }
        if (letter->bytes.size() != operation.bytes())
            board().violation("rank " + std::to_string(operation.peer) + " called " + letter->header + ", rank " +
                              std::to_string(comm_->rank) + " called " + header_of(operation) + " for it");
        if (operation.count > 0) std::memcpy(operation.to, letter->bytes.data(), letter->bytes.size());
        board().remove(name);
        return true;
    }

    bool collect(const Part& part, std::uint64_t& waits_for) {
        std::vector<Letter> letters;
        const std::string mine = header_of(part.operation);
        for (int rank = 0; rank < comm_->size; ++rank) {
            auto letter = board().look(collective_name(part.number, rank));
            if (!letter) {
                waits_for |= std::uint64_t{1} << rank;
                continue;
            }
            if (letter->header != mine)
                board().violation("collective " + std::to_string(part.number) + " does not match: rank " +
                                  std::to_string(comm_->rank) + " called " + mine + ", rank " + std::to_string(rank) +
                                  " called " + letter->header);
            letters.push_back(std::move(*letter));
        }
        if (waits_for != 0) return false;
        if (part.operation.type == Type::float32)
            combine<float>(part.operation, letters);
        else
            combine<unsigned long long>(part.operation, letters);
        return true;
    }

    /// Sums in the order of ranks, whole numbers modulo 2^64; or one after another.
    template <class T>
    static void combine(const Operation& operation, const std::vector<Letter>& letters) {
        auto* out = static_cast<T*>(operation.to);
        const std::size_t count = operation.count;
        std::vector<T> values(count);
        for (std::size_t rank = 0; rank < letters.size() && count > 0; ++rank) {
            std::memcpy(values.data(), letters[rank].bytes.data(), letters[rank].bytes.size());
            if (operation.kind == Kind::all_gather || rank == 0) {
                std::memcpy(out + (operation.kind == Kind::all_gather ? rank * count : 0), values.data(),
                            letters[rank].bytes.size());
            } else {
                for (std::size_t i = 0; i < count; ++i) out[i] += values[i];
            }
        }
    }

    /// Says what this rank waits for, and looks for lost ranks and circles.
    void wait(std::uint64_t waits_for) {
        Slot& own = board().own();
        if (own.waits_for != waits_for) {
            std::string doing;
            for (const Part& part : parts_)
                if (!part.done) doing += (doing.empty() ? "" : ", ") + header_of(part.operation);
            std::strncpy(own.doing, doing.c_str(), sizeof own.doing - 1);
            own.waits_for = waits_for;
        }
        ++own.heartbeat;
        if (const int lost = board().lost_rank(); lost >= 0) {
            comm_->error = ncclRemoteError;
            comm_->last_error = "rank " + std::to_string(lost) + " is gone";
            own.waits_for = 0;
            return;
        }
        if (!nothing_moved()) return;
        // Whoever was in the circle before this window has looked again within it: only the second time is proof.
        std::string circle = find_circle();
        if (!circle.empty() && circle == comm_->suspicion) board().violation(circle);
        comm_->suspicion = std::move(circle);
        comm_->progress_then.clear();
    }

    bool nothing_moved() {
        std::vector<std::uint64_t> progress;
        std::vector<std::uint64_t> heartbeat;
        for (int rank = 0; rank < comm_->size; ++rank) {
            progress.push_back(board().slot(rank).progress);
            heartbeat.push_back(board().slot(rank).heartbeat);
        }
        if (progress != comm_->progress_then) {
            comm_->progress_then = progress;
            comm_->heartbeat_then = heartbeat;
            comm_->still_since = Clock::now();
        }
        return Clock::now() - comm_->still_since > deadlock_window;
    }

    /// Not empty if this rank waits, directly or not, only for ranks that wait as well and are awake.
    std::string find_circle() {
        std::uint64_t circle = std::uint64_t{1} << comm_->rank;
        std::string text = "no rank of a circle can go on:";
        for (std::uint64_t todo = circle; todo != 0;) {
            const int rank = __builtin_ctzll(todo);
            const Slot& slot = board().slot(rank);
            const std::uint64_t waits_for = slot.waits_for;
            const auto r = static_cast<std::size_t>(rank);
            if (waits_for == 0 || slot.heartbeat < comm_->heartbeat_then[r] + 3) return {};
            text += " rank " + std::to_string(rank) + " waits in " + slot.doing + ";";
            todo = (todo & ~(std::uint64_t{1} << rank)) | (waits_for & ~circle);
            circle |= waits_for;
        }
        return text;
    }

    std::shared_ptr<Communicator> comm_;
    std::vector<Part> parts_;
    std::uint64_t place_;
    bool hangs_;
    bool published_{false};
};

}  // namespace

std::string header_of(const Operation& operation) {
    const std::string count = std::to_string(operation.count) + (operation.type == Type::float32 ? " float" : " int64");
    switch (operation.kind) {
        case Kind::all_reduce:
            return "ncclAllReduce of " + count + ", sum";
        case Kind::all_gather:
            return "ncclAllGather of " + count;
        case Kind::send:
            return "ncclSend of " + count;
        case Kind::receive:
            return "ncclRecv of " + count;
    }
    return {};
}

void launch(const std::shared_ptr<Communicator>& communicator, std::vector<Operation> operations) {
    const cudaStream_t stream = operations.front().stream;
    std::vector<Operand> operands;
    for (const Operation& operation : operations) {
        const std::size_t bytes = operation.bytes();
        const auto ranks = static_cast<std::size_t>(communicator->size);
        if (operation.from != nullptr) operands.push_back({operation.from, bytes});
        if (operation.to != nullptr)
            operands.push_back({operation.to, operation.kind == Kind::all_gather ? bytes * ranks : bytes});
    }
    std::shared_ptr<Group> group;
    {
        const std::lock_guard lock(communicator->mutex);
        communicator->streams.insert(stream);
        group = std::make_shared<Group>(communicator, operations);
    }
    enqueue_waiting(
        stream, "NCCL", [group] { return group->attempt(); }, std::move(operands));
}

}  // namespace cuda_sim::nccl
