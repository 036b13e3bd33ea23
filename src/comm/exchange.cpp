#include "atnas/comm/exchange.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <span>
#include <tuple>
#include <utility>

#include "atnas/comm/island_map.hpp"
#include "atnas/core/contract.hpp"

#include "mpi_check.hpp"

namespace atnas::comm {

namespace {

/// What travels ahead of the bytes. All fields are 64 bit, so a list of them is a list of integers to MPI.
struct Label {
    std::int64_t from;
    std::int64_t to;
    std::int64_t size;
};
constexpr int label_fields = 3;
static_assert(sizeof(Label) == label_fields * sizeof(std::int64_t));

/// What one pair of ranks sends or receives.
struct Mail {
    std::vector<Label> labels;
    std::vector<std::byte> bytes;
};

std::vector<Mail> sort_by_rank(const std::vector<Parcel>& parcels, int ranks, int islands) {
    std::vector<Mail> mail(static_cast<std::size_t>(ranks));
    for (const Parcel& parcel : parcels) {
        Mail& box = mail[static_cast<std::size_t>(rank_of(parcel.to, ranks, islands))];
        box.labels.push_back({parcel.from, parcel.to, static_cast<std::int64_t>(parcel.bytes.size())});
        box.bytes.insert(box.bytes.end(), parcel.bytes.begin(), parcel.bytes.end());
    }
    return mail;
}

std::vector<Mail> swap_labels(const Communicator& communicator, const std::vector<Mail>& outgoing) {
    const auto ranks = outgoing.size();
    std::vector<int> send_counts(ranks), send_places(ranks), counts(ranks), places(ranks);
    std::vector<Label> sent;
    for (std::size_t r = 0; r < ranks; ++r) {
        send_counts[r] = mpi_count(outgoing[r].labels.size() * label_fields, "exchanging parcels");
        send_places[r] = mpi_count(sent.size() * label_fields, "exchanging parcels");
        sent.insert(sent.end(), outgoing[r].labels.begin(), outgoing[r].labels.end());
    }
    check_mpi(MPI_Alltoall(send_counts.data(), 1, MPI_INT, counts.data(), 1, MPI_INT, communicator.handle()),
              "MPI_Alltoall");
    std::size_t total = 0;
    for (std::size_t r = 0; r < ranks; ++r) {
        places[r] = mpi_count(total, "exchanging parcels");
        total += static_cast<std::size_t>(counts[r]);
    }
    std::vector<Label> arrived(total / label_fields);
    check_mpi(MPI_Alltoallv(sent.data(), send_counts.data(), send_places.data(), MPI_INT64_T, arrived.data(),
                            counts.data(), places.data(), MPI_INT64_T, communicator.handle()),
              "MPI_Alltoallv");
    std::vector<Mail> incoming(ranks);
    for (std::size_t r = 0; r < ranks; ++r) {
        const auto first = arrived.begin() + places[r] / label_fields;
        incoming[r].labels.assign(first, first + counts[r] / label_fields);
        std::size_t bytes = 0;
        for (const Label& label : incoming[r].labels) bytes += static_cast<std::size_t>(label.size);
        incoming[r].bytes.resize(bytes);
    }
    return incoming;
}

void swap_bytes(const Communicator& communicator, const std::vector<Mail>& outgoing, std::vector<Mail>& incoming) {
    std::vector<MPI_Request> requests;
    const auto ranks = static_cast<int>(outgoing.size());
    for (int rank = 0; rank < ranks; ++rank) {
        std::vector<std::byte>& bytes = incoming[static_cast<std::size_t>(rank)].bytes;
        if (bytes.empty()) continue;
        check_mpi(MPI_Irecv(bytes.data(), mpi_count(bytes.size(), "receiving parcels"), MPI_BYTE, rank, 0,
                            communicator.handle(), &requests.emplace_back()),
                  "MPI_Irecv");
    }
    for (int rank = 0; rank < ranks; ++rank) {
        const std::vector<std::byte>& bytes = outgoing[static_cast<std::size_t>(rank)].bytes;
        if (bytes.empty()) continue;
        check_mpi(MPI_Isend(bytes.data(), mpi_count(bytes.size(), "sending parcels"), MPI_BYTE, rank, 0,
                            communicator.handle(), &requests.emplace_back()),
                  "MPI_Isend");
    }
    check_mpi(MPI_Waitall(static_cast<int>(requests.size()), requests.data(), MPI_STATUSES_IGNORE), "MPI_Waitall");
}

}  // namespace

void sort_parcels(std::vector<Parcel>& parcels) {
    std::ranges::stable_sort(
        parcels, [](const Parcel& a, const Parcel& b) { return std::tie(a.to, a.from) < std::tie(b.to, b.from); });
}

std::vector<Parcel> exchange(const Communicator& communicator, int islands, std::vector<Parcel> outgoing) {
    const IslandBlock block = islands_of(communicator.rank(), communicator.size(), islands);
    const auto is_mine = [&](int island) { return island >= block.first && island < block.first + block.count; };
    ATNAS_EXPECT(std::all_of(outgoing.begin(), outgoing.end(), [&](const Parcel& parcel) {
        return is_mine(parcel.from) && parcel.to >= 0 && parcel.to < islands;
    }));

    const auto abroad = std::stable_partition(outgoing.begin(), outgoing.end(),
                                              [&](const Parcel& parcel) { return is_mine(parcel.to); });
    const std::vector<Parcel> leaving(std::make_move_iterator(abroad), std::make_move_iterator(outgoing.end()));
    outgoing.erase(abroad, outgoing.end());
    std::vector<Parcel> arrived = std::move(outgoing);

    if (communicator.size() > 1) {
        const std::vector<Mail> sent = sort_by_rank(leaving, communicator.size(), islands);
        std::vector<Mail> received = swap_labels(communicator, sent);
        swap_bytes(communicator, sent, received);
        for (const Mail& mail : received) {
            auto first = mail.bytes.begin();
            for (const Label& label : mail.labels) {
                arrived.push_back(
                    {static_cast<int>(label.from), static_cast<int>(label.to), {first, first + label.size}});
                first += label.size;
            }
        }
    }
    sort_parcels(arrived);
    return arrived;
}

}  // namespace atnas::comm
