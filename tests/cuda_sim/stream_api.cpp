// SPDX-License-Identifier: Apache-2.0
/// \file
/// cudaStream*, cudaEvent*, cudaDeviceSynchronize.

#include "devices.hpp"
#include "diagnostics.hpp"
#include "stream.hpp"

using namespace cuda_sim;

namespace {

/// Waits as a host thread does: other streams go on meanwhile, other threads can call.
void wait_for(Call& call, const Mark& mark) {
    if (mark.stream == nullptr) return;
    // A device may run other streams first.
    if (run_order() == RunOrder::reverse) run_all();
    if (!mark.reached()) log_call((std::string(call.name()) + ":waits").c_str());
    while (!run_to(*mark.stream, mark.serial)) {
        run_all();
        call.pause();
    }
}

}  // namespace

extern "C" {

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned flags) {
    Call call("cudaStreamCreateWithFlags");
    if (call.refused()) return call.error();
    if (stream == nullptr || (flags != cudaStreamDefault && flags != cudaStreamNonBlocking)) {
        return call.fail(cudaErrorInvalidValue);
    }
    if (flags != cudaStreamNonBlocking) violation("cudaStreamCreateWithFlags: a stream that waits for the default one");
    *stream = streams().add(make_stream(current_device()));
    return cudaSuccess;
}

cudaError_t cudaStreamDestroy(cudaStream_t stream) {
    Call call("cudaStreamDestroy");
    if (call.refused()) return call.error();
    get_stream(stream, call.name());
    streams().remove(stream, call.name());
    return cudaSuccess;
}

cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
    Call call("cudaStreamSynchronize");
    if (call.refused()) return call.error();
    const auto target = get_stream(stream, call.name());
    const Clock clock = clock_of(*target);
    wait_for(call, {target, target->enqueued});
    host_waited(clock);
    return cudaSuccess;
}

// A real device goes on by itself, and a program that polls relies on it: each query lets the device take a step.
cudaError_t cudaStreamQuery(cudaStream_t stream) {
    Call call("cudaStreamQuery");
    if (call.refused()) return call.error();
    const auto target = get_stream(stream, call.name());
    if (target->done == target->enqueued) {
        host_waited(clock_of(*target));
        return cudaSuccess;
    }
    run_to(*target, target->done + 1);
    return call.fail(cudaErrorNotReady);
}

cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned flags) {
    Call call("cudaStreamWaitEvent");
    if (call.refused()) return call.error();
    if (flags != 0) return call.fail(cudaErrorInvalidValue);
    const auto target = get_stream(stream, call.name());
    const auto waited = events().get(event, call.name());
    // The documentation makes this no wait at all, which is hardly ever what was meant.
    if (waited->mark.stream == nullptr) violation("cudaStreamWaitEvent: the event was never recorded");
    Item item;
    item.what = call.name();
    item.wait = waited->mark;
    order_after(*target, waited->before);
    append(target, std::move(item));
    return cudaSuccess;
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned flags) {
    Call call("cudaEventCreateWithFlags");
    if (call.refused()) return call.error();
    constexpr unsigned known = cudaEventBlockingSync | cudaEventDisableTiming;
    if (event == nullptr || (flags & ~known) != 0) return call.fail(cudaErrorInvalidValue);
    *event = events().add(std::make_shared<Event>(Event{current_device(), flags}));
    return cudaSuccess;
}

cudaError_t cudaEventDestroy(cudaEvent_t event) {
    Call call("cudaEventDestroy");
    if (call.refused()) return call.error();
    events().remove(event, call.name());
    return cudaSuccess;
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
    Call call("cudaEventRecord");
    if (call.refused()) return call.error();
    const auto recorded = events().get(event, call.name());
    const auto target = get_stream(stream, call.name());
    if (recorded->device != target->device) return call.fail(cudaErrorInvalidResourceHandle);
    recorded->mark = {target, target->enqueued + 1};
    recorded->before = target->before;
    recorded->before.raise(target->number, target->enqueued + 1);
    Item item;
    item.what = call.name();
    item.event = recorded;
    append(target, std::move(item));
    return cudaSuccess;
}

cudaError_t cudaEventSynchronize(cudaEvent_t event) {
    Call call("cudaEventSynchronize");
    if (call.refused()) return call.error();
    // By value: another thread may record the event again while this one waits.
    const Event recorded = *events().get(event, call.name());
    wait_for(call, recorded.mark);
    host_waited(recorded.before);
    return cudaSuccess;
}

cudaError_t cudaEventQuery(cudaEvent_t event) {
    Call call("cudaEventQuery");
    if (call.refused()) return call.error();
    const auto recorded = events().get(event, call.name());
    if (recorded->mark.reached()) {
        host_waited(recorded->before);
        return cudaSuccess;
    }
    run_to(*recorded->mark.stream, recorded->mark.stream->done + 1);
    return call.fail(cudaErrorNotReady);
}

cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t from, cudaEvent_t to) {
    Call call("cudaEventElapsedTime");
    if (call.refused()) return call.error();
    if (milliseconds == nullptr) return call.fail(cudaErrorInvalidValue);
    const auto first = events().get(from, call.name());
    const auto second = events().get(to, call.name());
    for (const auto& event : {first, second}) {
        if (event->mark.stream == nullptr || (event->flags & cudaEventDisableTiming) != 0) {
            return call.fail(cudaErrorInvalidResourceHandle);
        }
    }
    if (!first->mark.reached() || !second->mark.reached()) return call.fail(cudaErrorNotReady);
    *milliseconds = std::chrono::duration<float, std::milli>(second->time - first->time).count();
    return cudaSuccess;
}

cudaError_t cudaDeviceSynchronize() {
    Call call("cudaDeviceSynchronize");
    if (call.refused()) return call.error();
    const Clock clock = everything();
    while (!run_all()) call.pause();
    host_waited(clock);
    return cudaSuccess;
}

}  // extern "C"
