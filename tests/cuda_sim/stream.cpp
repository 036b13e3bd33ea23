// SPDX-License-Identifier: Apache-2.0
#include "stream.hpp"

#include <sched.h>

#include <map>

#include "diagnostics.hpp"

namespace cuda_sim {
namespace {

/// Streams with work by their numbers, destroyed ones among them: their work still has to run.
std::map<std::uint32_t, std::shared_ptr<Stream>>& busy() {
    static auto* instance = new std::map<std::uint32_t, std::shared_ptr<Stream>>;
    return *instance;
}

void finish_front(Stream& stream) {
    for (auto* allocation : stream.queue.front().holds) --allocation->queued;
    stream.queue.pop_front();
    ++stream.done;
}

std::vector<Allocation*> hold(const Stream& stream, const char* what, const std::vector<Operand>& operands) {
    std::vector<Allocation*> holds;
    for (const auto& [pointer, bytes, use] : operands) {
        if (bytes == 0) continue;
        auto* allocation = find_live(pointer, bytes);
        if (allocation == nullptr) {
            violation(std::string(what) + ": " + std::to_string(bytes) + " bytes at " + describe(pointer));
        }
        if (allocation->place == Place::device && allocation->device != stream.device) {
            violation(std::string(what) + ": memory of device " + std::to_string(allocation->device) +
                      " in a stream of device " + std::to_string(stream.device));
        }
        ++allocation->queued;
        holds.push_back(allocation);
    }
    return holds;
}

struct Times {
    Clock host{};            ///< what the host has waited for
    std::uint64_t waits{0};  ///< changes of it
    Clock everything{};
};
Times& times() {
    static auto* instance = new Times;
    return *instance;
}

/// Memory that the libraries use as a whole; kernels and copies note what they use as they go.
void note_operands(const Item& item) {
    for (const auto& [pointer, bytes, use] : item.operands) {
        if (use == Use::read || use == Use::both) note_read(pointer, bytes);
    }
    for (const auto& [pointer, bytes, use] : item.operands) {
        if (use == Use::write || use == Use::both) note_write(pointer, bytes);
    }
}

}  // namespace

bool Mark::reached() const noexcept {
    return stream == nullptr || stream->done >= serial;
}

HandleTable<cudaStream_t, Stream>& streams() {
    static auto* table = new HandleTable<cudaStream_t, Stream>("stream", 0x5001);
    return *table;
}

HandleTable<cudaEvent_t, Event>& events() {
    static auto* table = new HandleTable<cudaEvent_t, Event>("event", 0x5002);
    return *table;
}

std::shared_ptr<Stream> get_stream(cudaStream_t stream, const char* call) {
    if (stream == nullptr || stream == cudaStreamLegacy || stream == cudaStreamPerThread) {
        violation(std::string(call) + ": work on the default stream");
    }
    return streams().get(stream, call);
}

std::shared_ptr<Stream> make_stream(int device) {
    static std::uint32_t number = 0;
    return std::make_shared<Stream>(Stream{device, number++});
}

void order_after(Stream& stream, const Clock& clock) {
    stream.before.join(clock);
    stream.snapshot.reset();
}

Clock clock_of(const Stream& stream) {
    Clock clock = stream.before;
    clock.raise(stream.number, stream.enqueued);
    return clock;
}

void host_waited(const Clock& clock) {
    times().host.join(clock);
    ++times().waits;
}

const Clock& everything() {
    return times().everything;
}

void append(const std::shared_ptr<Stream>& stream, Item item) {
    if (!stream->reserved.empty()) violation(item.what + ": " + stream->reserved);
    if (stream->waits != times().waits) {
        stream->waits = times().waits;
        order_after(*stream, times().host);
    }
    if (stream->snapshot == nullptr) stream->snapshot = std::make_shared<const Clock>(stream->before);
    item.before = stream->snapshot;
    item.number = register_item(item.what, stream->number, ++stream->enqueued);
    times().everything.raise(stream->number, stream->enqueued);
    stream->queue.push_back(std::move(item));
    busy().emplace(stream->number, stream);
}

bool run_to(Stream& stream, std::uint64_t serial) {
    if (stream.done >= serial) return true;
    const Access access;
    while (stream.done < serial) {
        auto& item = stream.queue.front();
        // A mark is always older than the wait for it, so this ends.
        if (item.wait.stream != nullptr && !run_to(*item.wait.stream, item.wait.serial)) return false;
        if (item.attempt) {
            const Running running(item.number, item.before);
            if (!item.attempt()) return false;
            note_operands(item);
        }
        // An event recorded again belongs to the later place.
        if (item.event != nullptr && item.event->mark.stream.get() == &stream &&
            item.event->mark.serial == stream.done + 1) {
            item.event->time = std::chrono::steady_clock::now();
        }
        finish_front(stream);
    }
    return true;
}

bool run_all() {
    bool finished = true;
    const auto candidates = busy();
    for (const auto& [number, stream] : candidates) {
        if (run_to(*stream, stream->enqueued)) {
            busy().erase(number);
        } else {
            finished = false;
        }
    }
    return finished;
}

bool is_queued(const Operand& range) {
    const auto* begin = static_cast<const std::byte*>(range.pointer);
    for (const auto& [number, stream] : busy()) {
        for (const auto& item : stream->queue) {
            for (const auto& [pointer, bytes, use] : item.operands) {
                const auto* other = static_cast<const std::byte*>(pointer);
                if (other < begin + range.bytes && begin < other + bytes) return true;
            }
        }
    }
    return false;
}

void enqueue(cudaStream_t stream, const char* what, std::function<void()> work, std::vector<Operand> operands) {
    enqueue_waiting(
        stream, what,
        [work = std::move(work)] {
            work();
            return true;
        },
        std::move(operands));
}

void enqueue_waiting(cudaStream_t stream, const char* what, std::function<bool()> attempt,
                     std::vector<Operand> operands) {
    const std::lock_guard lock(device_lock());
    const auto target = get_stream(stream, what);
    Item item;
    item.what = what;
    item.attempt = std::move(attempt);
    item.holds = hold(*target, what, operands);
    item.operands = std::move(operands);
    append(target, std::move(item));
}

void reserve_stream(cudaStream_t stream, const char* reason) {
    const std::lock_guard lock(device_lock());
    get_stream(stream, "NCCL")->reserved = reason;
}

void release_stream(cudaStream_t stream) {
    const std::lock_guard lock(device_lock());
    get_stream(stream, "NCCL")->reserved.clear();
}

bool advance(cudaStream_t stream) {
    const std::lock_guard lock(device_lock());
    const auto target = get_stream(stream, "advance");
    return run_to(*target, target->enqueued);
}

void drain(cudaStream_t stream) {
    std::unique_lock lock(device_lock());
    const auto target = get_stream(stream, "drain");
    const auto serial = target->enqueued;
    const Clock clock = clock_of(*target);
    while (!run_to(*target, serial)) {
        run_all();
        lock.unlock();
        sched_yield();
        lock.lock();
    }
    host_waited(clock);
}

int device_of(cudaStream_t stream) {
    const std::lock_guard lock(device_lock());
    return get_stream(stream, "device_of")->device;
}

void expect_device(const void* pointer, std::size_t bytes, const char* call, const char* argument) {
    const std::lock_guard lock(device_lock());
    const auto* allocation = find_live(pointer, bytes);
    const std::string where = std::string(call) + ": " + argument;
    if (allocation == nullptr || allocation->place != Place::device) {
        violation(where + " is to be " + std::to_string(bytes) + " bytes of device memory, and is " +
                  describe(pointer));
    }
    if (reinterpret_cast<std::uintptr_t>(pointer) % sizeof(float) != 0) violation(where + " is not aligned to 4 bytes");
}

void expect_apart(const Operand& one, const Operand& other, const char* call, const char* arguments) {
    const auto begin = [](const Operand& operand) { return reinterpret_cast<std::uintptr_t>(operand.pointer); };
    if (one.bytes == 0 || other.bytes == 0) return;
    if (begin(one) < begin(other) + other.bytes && begin(other) < begin(one) + one.bytes) {
        violation(std::string(call) + ": " + arguments + " share memory");
    }
}

}  // namespace cuda_sim
