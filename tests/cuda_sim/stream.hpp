// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Streams as queues that run when somebody waits for them, and events that mark places in them.

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "handle_table.hpp"
#include "memory.hpp"
#include "races.hpp"

namespace cuda_sim {

struct Stream;

/// A place in a stream: reached once `done` of the stream is at least `serial`.
struct Mark {
    std::shared_ptr<Stream> stream{};
    std::uint64_t serial{0};
    bool reached() const noexcept;
};

struct Event {
    int device;
    unsigned flags;
    Mark mark{};     ///< of the last cudaEventRecord
    Clock before{};  ///< what comes before the mark, and it
    std::chrono::steady_clock::time_point time{};
};

/// One of: work, the record of an event, the wait for a mark.
struct Item {
    std::string what;
    std::function<bool()> attempt{};
    std::shared_ptr<Event> event{};
    Mark wait{};
    std::vector<Allocation*> holds{};
    std::vector<Operand> operands{};
    ItemNumber number{0};
    std::shared_ptr<const Clock> before{};
};

struct Stream {
    int device;
    std::uint32_t number;  ///< in the order of creation
    std::deque<Item> queue{};
    std::uint64_t enqueued{0};
    std::uint64_t done{0};
    std::string reserved{};                   ///< why nothing may be appended; empty if it may
    Clock before{};                           ///< whatever is appended next
    std::uint64_t waits{0};                   ///< of the host that it knows of
    std::shared_ptr<const Clock> snapshot{};  ///< of it, for the items appended since it changed
};

HandleTable<cudaStream_t, Stream>& streams();
HandleTable<cudaEvent_t, Event>& events();

std::shared_ptr<Stream> make_stream(int device);
/// Whatever is appended to the stream from here on comes after what \p clock says.
void order_after(Stream& stream, const Clock& clock);
/// What comes before the end of the stream as it is.
Clock clock_of(const Stream& stream);
/// The host has waited for what \p clock says: everything queued from here on comes after it. One clock for all
/// threads, which have ways of their own to wait for each other.
void host_waited(const Clock& clock);
/// All that was ever queued.
const Clock& everything();
/// Violation for the default streams and for a stream that is not alive.
std::shared_ptr<Stream> get_stream(cudaStream_t stream, const char* call);
void append(const std::shared_ptr<Stream>& stream, Item item);
/// Runs the stream, and what it waits for, up to a place; false if some work there still waits for another process.
bool run_to(Stream& stream, std::uint64_t serial);
/// Lets every stream of the process go as far as it goes; true if nothing is left.
bool run_all();
/// Whether work that has not run yet names memory of this range.
bool is_queued(const Operand& range);

}  // namespace cuda_sim
