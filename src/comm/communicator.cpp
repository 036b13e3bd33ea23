// SPDX-License-Identifier: Apache-2.0
#include "atnas/comm/communicator.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <optional>
#include <sstream>
#include <utility>

#include "atnas/core/contract.hpp"
#include "atnas/core/error.hpp"
#include "atnas/core/log.hpp"

#include "sum_in_pieces.hpp"

namespace atnas::comm {

namespace {

/// MPI takes pointers to mutable memory only where it writes; an empty span may hold a null pointer.
template <class T>
std::vector<T> gather_parts(const Communicator& communicator, std::span<const T> part, MPI_Datatype type) {
    if (communicator.handle() == MPI_COMM_NULL) return {part.begin(), part.end()};
    const long long mine = static_cast<long long>(part.size());
    std::vector<long long> counts(static_cast<std::size_t>(communicator.size()));
    check_mpi(MPI_Allgather(&mine, 1, MPI_LONG_LONG, counts.data(), 1, MPI_LONG_LONG, communicator.handle()),
              "MPI_Allgather");
    const auto total = static_cast<std::size_t>(std::accumulate(counts.begin(), counts.end(), 0LL));
    mpi_count(total, "gathering the parts of all ranks");
    std::vector<int> lengths(counts.size());
    std::vector<int> places(counts.size());
    std::transform(counts.begin(), counts.end(), lengths.begin(), [](long long n) { return static_cast<int>(n); });
    std::exclusive_scan(lengths.begin(), lengths.end(), places.begin(), 0);
    std::vector<T> all(total);
    check_mpi(MPI_Allgatherv(part.data(), lengths[static_cast<std::size_t>(communicator.rank())], type, all.data(),
                             lengths.data(), places.data(), type, communicator.handle()),
              "MPI_Allgatherv");
    return all;
}

/// An Error as text and back: exit code, then the three fields of each problem, every field with its length in front.
std::string pack(const Error& error) {
    std::string text = std::to_string(static_cast<int>(error.code())) + '\n';
    for (const Problem& problem : error.problems()) {
        for (const std::string* field : {&problem.problem, &problem.reason, &problem.suggestion}) {
            text += std::to_string(field->size()) + '\n' + *field;
        }
    }
    return text;
}

Error unpack(const std::string& text) {
    std::size_t place = 0;
    const auto number = [&] {
        const std::size_t end = text.find('\n', place);
        const long long value = std::stoll(text.substr(place, end - place));
        place = end + 1;
        return value;
    };
    const auto field = [&] {
        const auto length = static_cast<std::size_t>(number());
        std::string value = text.substr(place, length);
        place += length;
        return value;
    };
    const auto code = static_cast<ExitCode>(number());
    std::vector<Problem> problems;
    while (place < text.size()) {
        Problem problem;
        problem.problem = field();
        problem.reason = field();
        problem.suggestion = field();
        problems.push_back(std::move(problem));
    }
    return {code, std::move(problems)};
}

}  // namespace

void fail_job(const char* what, const char* reason) noexcept {
    try {
        local_log().critical("{} failed ({}); the job ends", what, reason);
        local_log().flush();
    } catch (...) {  // the message is lost, the job must end all the same
    }
    abort_job(static_cast<int>(ExitCode::failed));
}

bool mpi_runs() noexcept {
    int started = 0;
    int ended = 0;
    MPI_Initialized(&started);
    MPI_Finalized(&ended);
    return started != 0 && ended == 0;
}

void check_mpi(int status, const char* call) noexcept {
    if (status == MPI_SUCCESS) return;
    char text[MPI_MAX_ERROR_STRING + 1] = "unknown MPI error";
    int length = 0;
    MPI_Error_string(status, text, &length);
    fail_job(call, text);
}

Communicator::Communicator(MPI_Comm parent) {
    check_mpi(MPI_Comm_dup(parent, &handle_), "MPI_Comm_dup");
    check_mpi(MPI_Comm_set_errhandler(handle_, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
    check_mpi(MPI_Comm_rank(handle_, &rank_), "MPI_Comm_rank");
    check_mpi(MPI_Comm_size(handle_, &size_), "MPI_Comm_size");
}

Communicator Communicator::world() {
    return mpi_runs() ? Communicator(MPI_COMM_WORLD) : Communicator();
}

Communicator::~Communicator() {
    if (handle_ != MPI_COMM_NULL && mpi_runs()) MPI_Comm_free(&handle_);
}

Communicator::Communicator(Communicator&& other) noexcept
    : handle_(std::exchange(other.handle_, MPI_COMM_NULL)),
      rank_(std::exchange(other.rank_, 0)),
      size_(std::exchange(other.size_, 1)) {}

Communicator& Communicator::operator=(Communicator&& other) noexcept {
    std::swap(handle_, other.handle_);
    std::swap(rank_, other.rank_);
    std::swap(size_, other.size_);
    return *this;
}

Communicator Communicator::duplicate() const {
    return size_ > 1 ? Communicator(handle_) : Communicator();
}

void Communicator::barrier() const {
    if (handle_ != MPI_COMM_NULL) check_mpi(MPI_Barrier(handle_), "MPI_Barrier");
}

void Communicator::broadcast(std::span<std::byte> bytes, int root) const {
    ATNAS_EXPECT(root >= 0 && root < size_);
    if (handle_ == MPI_COMM_NULL) return;
    while (!bytes.empty()) {
        const std::span<std::byte> piece = bytes.first(std::min(bytes.size(), piece_bytes));
        check_mpi(MPI_Bcast(piece.data(), static_cast<int>(piece.size()), MPI_BYTE, root, handle_), "MPI_Bcast");
        bytes = bytes.subspan(piece.size());
    }
}

std::string Communicator::broadcast(std::string text, int root) const {
    std::uint64_t length = text.size();
    broadcast(std::as_writable_bytes(std::span(&length, 1)), root);
    text.resize(length);
    broadcast(std::as_writable_bytes(std::span(text)), root);
    return text;
}

std::vector<double> Communicator::all_gather(std::span<const double> part) const {
    return gather_parts(*this, part, MPI_DOUBLE);
}

std::vector<std::byte> Communicator::all_gather(std::span<const std::byte> part) const {
    return gather_parts(*this, part, MPI_BYTE);
}

std::vector<std::string> Communicator::all_gather_line(const std::string& line) const {
    ATNAS_EXPECT(line.find('\n') == std::string::npos);
    const std::string ended = line + "\n";
    const auto bytes = all_gather(std::as_bytes(std::span(ended)));
    std::istringstream text(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    std::vector<std::string> lines;
    for (std::string next; std::getline(text, next);) lines.push_back(next);
    return lines;
}

std::vector<int> Communicator::hosts() const {
    if (handle_ == MPI_COMM_NULL) return {0};
    MPI_Comm host = MPI_COMM_NULL;
    check_mpi(MPI_Comm_split_type(handle_, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &host), "MPI_Comm_split_type");
    int lowest = rank_;
    check_mpi(MPI_Bcast(&lowest, 1, MPI_INT, 0, host), "MPI_Bcast");
    check_mpi(MPI_Comm_free(&host), "MPI_Comm_free");
    std::vector<int> all(static_cast<std::size_t>(size_));
    check_mpi(MPI_Allgather(&lowest, 1, MPI_INT, all.data(), 1, MPI_INT, handle_), "MPI_Allgather");
    return all;
}

long long Communicator::sum(long long value) const {
    if (handle_ == MPI_COMM_NULL) return value;
    long long total = 0;
    check_mpi(MPI_Allreduce(&value, &total, 1, MPI_LONG_LONG, MPI_SUM, handle_), "MPI_Allreduce");
    return total;
}

void Communicator::sum(std::span<double> values) const {
    if (handle_ != MPI_COMM_NULL) sum_in_pieces(handle_, values, MPI_DOUBLE);
}

void Communicator::sum(std::span<std::int64_t> values) const {
    if (handle_ != MPI_COMM_NULL) sum_in_pieces(handle_, values, MPI_INT64_T);
}

std::uint64_t Communicator::wrapping_sum(std::uint64_t value) const {
    if (handle_ == MPI_COMM_NULL) return value;
    std::uint64_t total = 0;
    check_mpi(MPI_Allreduce(&value, &total, 1, MPI_UINT64_T, MPI_SUM, handle_), "MPI_Allreduce");
    return total;
}

double Communicator::max(double value) const {
    if (handle_ == MPI_COMM_NULL) return value;
    double largest = value;
    check_mpi(MPI_Allreduce(&value, &largest, 1, MPI_DOUBLE, MPI_MAX, handle_), "MPI_Allreduce");
    return largest;
}

void Communicator::max(std::span<double> values) const {
    if (handle_ == MPI_COMM_NULL) return;
    check_mpi(MPI_Allreduce(MPI_IN_PLACE, values.data(), static_cast<int>(values.size()), MPI_DOUBLE, MPI_MAX, handle_),
              "MPI_Allreduce");
}

bool Communicator::any(bool value) const {
    return sum(value ? 1 : 0) > 0;
}

unsigned Communicator::any_of(unsigned bits) const {
    if (handle_ == MPI_COMM_NULL) return bits;
    unsigned all = 0;
    check_mpi(MPI_Allreduce(&bits, &all, 1, MPI_UNSIGNED, MPI_BOR, handle_), "MPI_Allreduce");
    return all;
}

void abort_job(int code) noexcept {
    if (mpi_runs()) MPI_Abort(MPI_COMM_WORLD, code);
    std::_Exit(code);
}

void together(const Communicator& communicator, const std::function<void()>& work) {
    if (communicator.size() == 1) return work();
    std::optional<Error> error;
    try {
        work();
    } catch (const Error& e) {
        error = e;
    } catch (const std::exception& e) {  // a bad_alloc on one rank is as fatal to the others as an Error
        error = Error(ExitCode::failed, Problem{e.what(), "", ""});
    }
    int first = error ? communicator.rank() : communicator.size();
    check_mpi(MPI_Allreduce(MPI_IN_PLACE, &first, 1, MPI_INT, MPI_MIN, communicator.handle()), "MPI_Allreduce");
    if (first == communicator.size()) return;
    throw unpack(communicator.broadcast(first == communicator.rank() ? pack(*error) : std::string(), first));
}

void on_root(const Communicator& communicator, const std::function<void()>& work) {
    together(communicator, [&] {
        if (communicator.is_root()) work();
    });
}

}  // namespace atnas::comm
