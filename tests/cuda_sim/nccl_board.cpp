// SPDX-License-Identifier: Apache-2.0
#include "nccl_board.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <iterator>

#include "device.hpp"

namespace cuda_sim::nccl {
namespace {

constexpr std::size_t header_bytes = 128;

int open_file(const std::filesystem::path& path) {
    const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) cuda_sim::violation("NCCL: cannot open " + path.string());
    return file;
}

std::string lock_name(int rank) {
    return "alive." + std::to_string(rank);
}

}  // namespace

Board::Board(const std::string& id, int rank, int size, const std::string& device)
    : folder_(std::filesystem::temp_directory_path() / ("atnas_sim_nccl." + id)), rank_(rank), size_(size) {
    std::filesystem::create_directory(folder_);
    const int table = open_file(folder_ / "table");
    const std::size_t bytes = sizeof(Slot) * most_ranks;
    if (ftruncate(table, static_cast<off_t>(bytes)) != 0) cuda_sim::violation("NCCL: no room for the table of ranks");
    void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, table, 0);
    close(table);
    if (memory == MAP_FAILED) cuda_sim::violation("NCCL: cannot map the table of ranks");
    slots_ = static_cast<Slot*>(memory);
    if (own().presence != Presence::absent)
        cuda_sim::violation("ncclCommInitRankConfig: rank " + std::to_string(rank) + " of this id is taken");
    lock_ = open_file(folder_ / lock_name(rank));
    flock(lock_, LOCK_EX);
    std::strncpy(own().device, device.c_str(), sizeof own().device - 1);
    own().presence = Presence::joined;
}

Board::~Board() {
    if (own().presence < Presence::gone) own().presence = Presence::aborted;
    const bool last = all_at_least(Presence::gone);
    munmap(slots_, sizeof(Slot) * most_ranks);
    close(lock_);
    std::error_code ignored;  // two may be last
    if (last) std::filesystem::remove_all(folder_, ignored);
}

Slot& Board::slot(int rank) const noexcept {
    return slots_[rank];
}

bool Board::all_at_least(Presence presence) const noexcept {
    for (int rank = 0; rank < size_; ++rank)
        if (slot(rank).presence < presence) return false;
    return true;
}

bool Board::died(int rank) const {
    const Presence presence = slot(rank).presence;
    if (presence != Presence::joined && presence != Presence::quiescent) return false;
    const int file = open(((folder_ / lock_name(rank)).c_str()), O_RDWR | O_CLOEXEC);
    if (file < 0) return false;
    const bool free = flock(file, LOCK_SH | LOCK_NB) == 0;
    close(file);
    // It may have left properly in between.
    return free && slot(rank).presence == presence;
}

int Board::lost_rank() const {
    for (int rank = 0; rank < size_; ++rank)
        if (rank != rank_ && (slot(rank).presence == Presence::aborted || died(rank))) return rank;
    return -1;
}

bool Board::others_use_it() const {
    for (int rank = 0; rank < size_; ++rank) {
        const Presence presence = slot(rank).presence;
        const bool uses = presence == Presence::joined || presence == Presence::quiescent;
        if (rank != rank_ && uses && !died(rank)) return true;
    }
    return false;
}

void Board::leave(Presence presence) {
    own().presence = presence;
}

void Board::put(const std::string& name, const std::string& header, std::span<const std::byte> bytes) const {
    const std::filesystem::path draft = folder_ / ("draft." + std::to_string(rank_));
    {
        std::ofstream file(draft, std::ios::binary);
        std::string padded = header;
        padded.resize(header_bytes, '\0');
        file << padded;
        file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        if (!file.flush()) cuda_sim::violation("NCCL: cannot write " + draft.string());
    }
    std::filesystem::rename(draft, folder_ / name);
}

std::optional<Letter> Board::look(const std::string& name) const {
    std::ifstream file(folder_ / name, std::ios::binary | std::ios::ate);
    if (!file) return {};
    const auto length = static_cast<std::size_t>(file.tellg());
    std::string header(header_bytes, '\0');
    Letter letter{{}, std::vector<std::byte>(length - header_bytes)};
    file.seekg(0);
    file.read(header.data(), static_cast<std::streamsize>(header_bytes));
    file.read(reinterpret_cast<char*>(letter.bytes.data()), static_cast<std::streamsize>(letter.bytes.size()));
    letter.header = header.c_str();
    return letter;
}

bool Board::exists(const std::string& name) const {
    return access((folder_ / name).c_str(), F_OK) == 0;
}

void Board::remove(const std::string& name) const {
    unlink((folder_ / name).c_str());
}

void Board::violation(const std::string& text) const {
    if (!exists("violation")) put("violation", "", std::as_bytes(std::span(text)));
    cuda_sim::violation("NCCL rank " + std::to_string(rank_) + ": " + text);
}

void Board::share_violation() const {
    if (!exists("violation")) return;
    const auto letter = look("violation");
    if (!letter) return;
    const std::string text(reinterpret_cast<const char*>(letter->bytes.data()), letter->bytes.size());
    cuda_sim::violation("NCCL rank " + std::to_string(rank_) + ", told by another rank: " + text);
}

}  // namespace cuda_sim::nccl
