#pragma once
/// \file
/// Streams as queues that run when somebody waits for them, and events that mark places in them.

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "handle_table.hpp"
#include "memory.hpp"

namespace cuda_sim {

struct Stream;

/// A place in a stream: reached once `done` of the stream is at least `serial`.
struct Mark {
    std::shared_ptr<Stream> stream{};
    std::uint64_t serial{0};
    bool reached() const noexcept;
};

/// By stream: the last place there that is known to come before.
using Order = std::map<const Stream*, std::uint64_t>;

struct Event {
    int device;
    unsigned flags;
    Mark mark{};     ///< of the last cudaEventRecord
    Order before{};  ///< the mark
    std::chrono::steady_clock::time_point time{};
};

/// One of: work, the record of an event, the wait for a mark.
struct Item {
    std::string what;
    std::function<bool()> attempt{};
    std::shared_ptr<Event> event{};
    Mark wait{};
    std::vector<Allocation*> holds{};
    Operand scratch{nullptr, 0, Use::scratch};
};

struct Stream {
    int device;
    std::deque<Item> queue{};
    std::uint64_t enqueued{0};
    std::uint64_t done{0};
    Order before{};  ///< whatever is appended next
};

HandleTable<cudaStream_t, Stream>& streams();
HandleTable<cudaEvent_t, Event>& events();

/// Violation for the default streams and for a stream that is not alive.
std::shared_ptr<Stream> get_stream(cudaStream_t stream, const char* call);
void append(Stream& stream, Item item);
/// Runs the stream, and what it waits for, up to a place; false if some work there still waits for another process.
bool run_to(Stream& stream, std::uint64_t serial);
/// Lets every stream of the process go as far as it goes; true if nothing is left.
bool run_all();
/// Drops what is queued on a device.
void forget_work(int device);

}  // namespace cuda_sim
