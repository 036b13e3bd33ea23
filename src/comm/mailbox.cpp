#include "atnas/comm/mailbox.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "atnas/comm/island_map.hpp"
#include "atnas/core/contract.hpp"

#include "mpi_check.hpp"

namespace atnas::comm {

namespace {

/// What every message begins with; its bytes follow.
struct Label {
    std::int64_t from;
    std::int64_t to;
};

std::vector<std::byte> message_of(const Parcel& parcel) {
    const Label label{parcel.from, parcel.to};
    std::vector<std::byte> message(sizeof(Label) + parcel.bytes.size());
    std::memcpy(message.data(), &label, sizeof(Label));
    std::ranges::copy(parcel.bytes, message.begin() + sizeof(Label));
    return message;
}

Parcel parcel_of(const std::vector<std::byte>& message) {
    Label label{};
    std::memcpy(&label, message.data(), sizeof(Label));
    return {static_cast<int>(label.from), static_cast<int>(label.to), {message.begin() + sizeof(Label), message.end()}};
}

}  // namespace

Mailbox::Mailbox(const Communicator& communicator, int islands)
    : communicator_(communicator.duplicate()),
      islands_(islands),
      sent_to_(static_cast<std::size_t>(communicator.size())),
      received_from_(static_cast<std::size_t>(communicator.size())) {
    ATNAS_EXPECT(islands >= communicator.size());
}

Mailbox::~Mailbox() {
    // MPI may still read or write what is not done.
    for (auto* transfers : {&leaving_, &arriving_}) {
        if (!transfers->empty()) static_cast<void>(new std::vector<Transfer>(std::move(*transfers)));
    }
}

void Mailbox::send(std::vector<Parcel> parcels) {
    for (Parcel& parcel : parcels) {
        const int rank = rank_of(parcel.to, communicator_.size(), islands_);
        ATNAS_EXPECT(rank_of(parcel.from, communicator_.size(), islands_) == communicator_.rank());
        if (rank == communicator_.rank()) {
            arrived_.push_back(std::move(parcel));
            continue;
        }
        Transfer& transfer = leaving_.emplace_back(Transfer{MPI_REQUEST_NULL, message_of(parcel)});
        check_mpi(MPI_Isend(transfer.message.data(), mpi_count(transfer.message.size(), "sending a parcel"), MPI_BYTE,
                            rank, 0, communicator_.handle(), &transfer.request),
                  "MPI_Isend");
        ++sent_to_[static_cast<std::size_t>(rank)];
    }
}

std::vector<Parcel> Mailbox::collect() {
    while (communicator_.size() > 1) {
        int found = 0;
        MPI_Message message = MPI_MESSAGE_NULL;
        MPI_Status status;
        check_mpi(MPI_Improbe(MPI_ANY_SOURCE, 0, communicator_.handle(), &found, &message, &status), "MPI_Improbe");
        if (found == 0) break;
        receive(message, status);
    }
    std::erase_if(leaving_, is_done);
    return take_arrived();
}

std::vector<Parcel> Mailbox::settle() {
    if (communicator_.size() == 1) return take_arrived();
    std::vector<std::int64_t> expected_from(sent_to_.size());
    check_mpi(
        MPI_Alltoall(sent_to_.data(), 1, MPI_INT64_T, expected_from.data(), 1, MPI_INT64_T, communicator_.handle()),
        "MPI_Alltoall");
    // Every rank begins to receive all that is on the way to it before it waits for anything else: none waits for ever.
    for (int rank = 0; rank < communicator_.size(); ++rank) {
        const auto r = static_cast<std::size_t>(rank);
        while (received_from_[r] < expected_from[r]) {
            MPI_Message message = MPI_MESSAGE_NULL;
            MPI_Status status;
            check_mpi(MPI_Mprobe(rank, 0, communicator_.handle(), &message, &status), "MPI_Mprobe");
            receive(message, status);
        }
    }
    for (auto* transfers : {&leaving_, &arriving_}) {
        for (Transfer& transfer : *transfers) check_mpi(MPI_Wait(&transfer.request, MPI_STATUS_IGNORE), "MPI_Wait");
    }
    leaving_.clear();
    return take_arrived();
}

void Mailbox::receive(MPI_Message message, const MPI_Status& status) {
    int size = 0;
    check_mpi(MPI_Get_count(&status, MPI_BYTE, &size), "MPI_Get_count");
    ATNAS_ASSERT(size >= static_cast<int>(sizeof(Label)));
    Transfer& transfer =
        arriving_.emplace_back(Transfer{MPI_REQUEST_NULL, std::vector<std::byte>(static_cast<std::size_t>(size))});
    check_mpi(MPI_Imrecv(transfer.message.data(), size, MPI_BYTE, &message, &transfer.request), "MPI_Imrecv");
    ++received_from_[static_cast<std::size_t>(status.MPI_SOURCE)];
}

bool Mailbox::is_done(Transfer& transfer) {
    int done = 0;
    check_mpi(MPI_Test(&transfer.request, &done, MPI_STATUS_IGNORE), "MPI_Test");
    return done != 0;
}

std::vector<Parcel> Mailbox::take_arrived() {
    // A message that overtook another one waits for it: parcels of one island keep their order.
    const auto on_its_way = std::ranges::find_if_not(arriving_, is_done);
    for (auto transfer = arriving_.begin(); transfer != on_its_way; ++transfer)
        arrived_.push_back(parcel_of(transfer->message));
    arriving_.erase(arriving_.begin(), on_its_way);
    sort_parcels(arrived_);
    return std::exchange(arrived_, {});
}

}  // namespace atnas::comm
