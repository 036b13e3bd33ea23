// SPDX-License-Identifier: Apache-2.0
#include "atnas/comm/shared_flag.hpp"

#include <algorithm>
#include <cstdint>

#include "atnas/core/contract.hpp"
#include "mpi_check.hpp"

namespace atnas::comm {

SharedFlag::SharedFlag(const Communicator& communicator, int children) : communicator_(communicator.duplicate()) {
    ATNAS_EXPECT(children > 0);
    const int rank = communicator_.rank();
    if (rank > 0) neighbours_.push_back({(rank - 1) / children, false});
    // In 64 bits: there may be more places for children than an int can number.
    const std::int64_t first = std::int64_t{rank} * children + 1;
    const std::int64_t last = std::min<std::int64_t>(first + children, communicator_.size());
    for (std::int64_t child = first; child < last; ++child) neighbours_.push_back({static_cast<int>(child), false});
}

void SharedFlag::raise() {
    if (raised_) return;
    raised_ = true;
    for (const Neighbour& neighbour : neighbours_)
        check_mpi(MPI_Isend(nullptr, 0, MPI_BYTE, neighbour.rank, 0, communicator_.handle(), &requests_.emplace_back()),
                  "MPI_Isend");
}

void SharedFlag::hear(Neighbour& neighbour) {
    check_mpi(MPI_Recv(nullptr, 0, MPI_BYTE, neighbour.rank, 0, communicator_.handle(), MPI_STATUS_IGNORE), "MPI_Recv");
    neighbour.heard = true;
    raise();
}

SharedFlag::Neighbour& SharedFlag::sender(const MPI_Status& status) {
    const auto found = std::ranges::find(neighbours_, status.MPI_SOURCE, &Neighbour::rank);
    ATNAS_EXPECT(found != neighbours_.end());
    return *found;
}

bool SharedFlag::is_raised() {
    if (raised_ || neighbours_.empty()) return raised_;
    int found = 0;
    MPI_Status status;
    check_mpi(MPI_Iprobe(MPI_ANY_SOURCE, 0, communicator_.handle(), &found, &status), "MPI_Iprobe");
    if (found != 0) hear(sender(status));
    return raised_;
}

void SharedFlag::lower() {
    if (!communicator_.any(raised_)) return;
    if (!raised_) {
        MPI_Status status;
        check_mpi(MPI_Probe(MPI_ANY_SOURCE, 0, communicator_.handle(), &status), "MPI_Probe");
        hear(sender(status));
    }
    // Of each in turn: one that is done here may already raise it again.
    for (Neighbour& neighbour : neighbours_)
        if (!neighbour.heard) hear(neighbour);
    check_mpi(MPI_Waitall(static_cast<int>(requests_.size()), requests_.data(), MPI_STATUSES_IGNORE), "MPI_Waitall");
    requests_.clear();
    for (Neighbour& neighbour : neighbours_) neighbour.heard = false;
    raised_ = false;
}

}  // namespace atnas::comm
