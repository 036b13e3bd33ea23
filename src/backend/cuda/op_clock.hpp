// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// How long operations take on the device.

#include <cstddef>
#include <memory>
#include <vector>

#include "atnas/backend/backend.hpp"
#include "atnas/backend/device_services.hpp"
#include "handles.hpp"

namespace atnas::backend::cuda {

/// Events around the operations of one stream; read out when the work is done, not while it is queued.
class OpClock {
  public:
    /// \param profile with Profile::no nothing is timed
    /// \param origin the event that times count from, recorded before all others; outlives the clock
    OpClock(Profile profile, const Event& origin) noexcept : profile_(profile), origin_(origin) {}

    /// Does \p work, which queues one operation on \p stream.
    template <class Work>
    void time(cudaStream_t stream, Work work) {
        if (profile_ == Profile::no) return work();
        record(stream);
        work();
        record(stream);
    }
    /// All operations since the last call, in order. \pre the stream has finished
    std::vector<DeviceInterval> read();

  private:
    void record(cudaStream_t stream);

    Profile profile_;
    const Event& origin_;
    std::vector<Event> events_;  ///< start, end, start, end ...; kept for the next time
    std::size_t used_{0};
};

/// \p op, timed by the clock of the context that it runs in.
std::unique_ptr<Op> make_timed(std::unique_ptr<Op> op);

}  // namespace atnas::backend::cuda
