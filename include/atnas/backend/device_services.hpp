// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What a device beside the processor has of its own: an identity, memory that is counted, a choice of algorithms, a
/// clock, a profiler.

#include <cstddef>
#include <string>
#include <vector>

#include "atnas/backend/device_id.hpp"
#include "atnas/backend/op.hpp"
#include "atnas/core/timer.hpp"

namespace atnas::backend {

class Backend;

/// When a device was at work on one operation (forward, backward, a transfer, ...), in seconds since its backend was
/// made; gaps inside of the operation included.
struct DeviceInterval {
    double begin;
    double end;
};

/// Memory of a device, in bytes.
struct MemoryUse {
    std::size_t in_use{0};
    std::size_t held{0};  ///< taken from the device, what is kept for later included
};

/// Offered by a backend that computes on such a device, see Backend::services(), whose contexts it takes. As a backend,
/// it is not shared between threads.
class DeviceServices {
  public:
    virtual ~DeviceServices() = default;

    /// Which device of the machine it is, the same for two backends on the same device.
    virtual DeviceId id() const = 0;

    /// The choice of algorithms by shape, as text, to be kept for later runs.
    virtual std::string tuning() const = 0;
    /// Takes what tuning() wrote. What it does not understand is left out.
    virtual void tune(const std::string& text) = 0;

    /// Takes what the operations made so far will need in \p context, so that none has to when it runs.
    virtual void prepare(Context& context) = 0;
    /// Takes from the device what is missing for \p bytes of Backend::allocate() more, so that these do not have to.
    virtual void reserve(std::size_t bytes) = 0;
    virtual MemoryUse memory_use() const noexcept = 0;

    /// Is told of the phases of this backend's work; lives as long as the backend.
    virtual PhaseObserver& phase_observer() noexcept = 0;
    /// What the device did in this context since the last call, in order; nothing without CudaOptions::profile. Waits
    /// for it.
    virtual std::vector<DeviceInterval> intervals(Context& context) = 0;

    /// The driver's queue behind a context (cudaStream_t), for libraries that queue work of their own.
    virtual void* stream(Context& context) noexcept = 0;
};

/// Who is told of the phases of a backend's work; null for nobody.
PhaseObserver* phase_observer_of(Backend& backend) noexcept;

}  // namespace atnas::backend
