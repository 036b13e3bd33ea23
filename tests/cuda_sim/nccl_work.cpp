// SPDX-License-Identifier: Apache-2.0
// How queued reductions of the simulated NCCL are carried out: what a rank gives is put up as a file, and an attempt
// looks whether those of all ranks are there.
#include <cstdlib>
#include <cstring>
#include <vector>

#include "device.hpp"
#include "nccl_state.hpp"

namespace cuda_sim::nccl {
namespace {

std::string letter_name(std::uint64_t number, int rank) {
    return "reduction." + std::to_string(number) + "." + std::to_string(rank);
}

/// ATNAS_SIM_NCCL_HANG=N, of the rank ATNAS_SIM_RANK if that is set.
bool is_to_hang(const Communicator& communicator, std::uint64_t number) {
    const char* text = std::getenv("ATNAS_SIM_NCCL_HANG");
    if (text == nullptr || std::strtoull(text, nullptr, 10) != number) return false;
    const char* rank = std::getenv("ATNAS_SIM_RANK");
    return rank == nullptr || std::atoi(rank) == communicator.rank;
}

class Reduction {
  public:
    Reduction(std::shared_ptr<Communicator> communicator, const Operation& operation)
        : comm_(std::move(communicator)),
          operation_(operation),
          number_(comm_->launched++),
          hangs_(is_to_hang(*comm_, number_ + 1)) {}

    /// True when it is done, or was aborted.
    bool attempt() {
        const std::lock_guard lock(comm_->mutex);
        if (comm_->aborted) return true;
        comm_->board.share_violation();
        if (hangs_ || comm_->executed != number_ || comm_->error != ncclSuccess) return false;
        if (!published_) publish();
        const std::vector<Letter> letters = those_of_all();
        if (letters.empty()) {
            if (const int lost = comm_->board.lost_rank(); lost >= 0) {
                comm_->error = ncclRemoteError;
                comm_->last_error = "rank " + std::to_string(lost) + " is gone";
            }
            return false;
        }
        if (operation_.type == Type::float32)
            sum<float>(letters);
        else
            sum<unsigned long long>(letters);
        // Reads come first: results may lie where the values came from.
        note_read(operation_.from, operation_.bytes());
        note_write(operation_.to, operation_.bytes());
        ++comm_->executed;
        return true;
    }

  private:
    void publish() {
        published_ = true;
        comm_->board.put(letter_name(number_, comm_->rank), header_of(operation_),
                         {static_cast<const std::byte*>(operation_.from), operation_.bytes()});
        // Who takes part in the last reduction is done with the one before it; all must be there to end one.
        if (number_ >= 2) comm_->board.remove(letter_name(number_ - 2, comm_->rank));
    }

    /// In the order of ranks; empty as long as one is missing.
    std::vector<Letter> those_of_all() const {
        std::vector<Letter> letters;
        const std::string mine = header_of(operation_);
        for (int rank = 0; rank < comm_->size; ++rank) {
            auto letter = comm_->board.look(letter_name(number_, rank));
            if (!letter) return {};
            if (letter->header != mine)
                comm_->board.violation("reduction " + std::to_string(number_) + " does not match: rank " +
                                       std::to_string(comm_->rank) + " called " + mine + ", rank " +
                                       std::to_string(rank) + " called " + letter->header);
            letters.push_back(std::move(*letter));
        }
        return letters;
    }

    /// In the order of ranks; whole numbers modulo 2^64.
    template <class T>
    void sum(const std::vector<Letter>& letters) const {
        auto* const out = static_cast<T*>(operation_.to);
        std::vector<T> values(operation_.count);
        for (std::size_t rank = 0; rank < letters.size() && operation_.count > 0; ++rank) {
            std::memcpy(values.data(), letters[rank].bytes.data(), letters[rank].bytes.size());
            for (std::size_t i = 0; i < operation_.count; ++i) out[i] = rank == 0 ? values[i] : out[i] + values[i];
        }
    }

    std::shared_ptr<Communicator> comm_;
    Operation operation_;
    std::uint64_t number_;
    bool hangs_;
    bool published_{false};
};

}  // namespace

std::string header_of(const Operation& operation) {
    return "ncclAllReduce of " + std::to_string(operation.count) +
           (operation.type == Type::float32 ? " float" : " int64") + ", sum";
}

void launch(const std::shared_ptr<Communicator>& communicator, const Operation& operation) {
    std::shared_ptr<Reduction> reduction;
    {
        const std::lock_guard lock(communicator->mutex);
        communicator->streams.insert(operation.stream);
        reduction = std::make_shared<Reduction>(communicator, operation);
    }
    enqueue_waiting(operation.stream, "NCCL", [reduction] { return reduction->attempt(); },
                    {{operation.from, operation.bytes()}, {operation.to, operation.bytes()}});
}

}  // namespace cuda_sim::nccl
