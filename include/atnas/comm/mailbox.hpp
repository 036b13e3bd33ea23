#pragma once
/// \file
/// Parcels between islands that nobody waits for.

#include <cstdint>
#include <vector>

#include <mpi.h>

#include "atnas/comm/communicator.hpp"
#include "atnas/comm/exchange.hpp"

namespace atnas::comm {

/// One per rank. Parcels leave without waiting and are there when they have arrived; which are depends on timing.
/// Parcels of one island for another arrive in the order in which they were sent.
class Mailbox {
  public:
    /// Duplicates \p communicator, so that its messages are apart from all others. Collective.
    Mailbox(const Communicator& communicator, int islands);
    /// \pre settled, unless an error ends the job
    ~Mailbox();
    Mailbox(const Mailbox&) = delete;
    Mailbox& operator=(const Mailbox&) = delete;

    /// Returns at once. Parcels for islands of this rank arrive at once. \pre every parcel is from an island of this
    /// rank and smaller than 2 GiB
    void send(std::vector<Parcel> parcels);
    /// What has arrived for the islands of this rank since the last call, ordered by (to, from). Never waits.
    std::vector<Parcel> collect();
    /// Waits for all that any rank has sent before its call and returns it as collect() does. Afterwards nothing is in
    /// flight. Collective.
    std::vector<Parcel> settle();

  private:
    /// A message on its way. Its bytes stay where they are until the request is done.
    struct Transfer {
        MPI_Request request;
        std::vector<std::byte> message;
    };

    /// Begins to receive what a probe has found.
    void receive(MPI_Message message, const MPI_Status& status);
    static bool is_done(Transfer& transfer);
    std::vector<Parcel> take_arrived();

    Communicator communicator_;
    int islands_;
    std::vector<Transfer> leaving_;
    std::vector<Transfer> arriving_;           ///< in the order in which they were found
    std::vector<Parcel> arrived_;              ///< not collected yet
    std::vector<std::int64_t> sent_to_;        ///< messages per rank, over all time
    std::vector<std::int64_t> received_from_;  ///< messages per rank, over all time
};

}  // namespace atnas::comm
