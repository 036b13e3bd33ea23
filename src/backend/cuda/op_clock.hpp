#pragma once
/// \file
/// How long operations take on the device.

#include <cstddef>
#include <memory>
#include <vector>

#include "atnas/backend/backend.hpp"
#include "handles.hpp"

namespace atnas::backend::cuda {

/// Events around the operations of one stream; read out when the work is done, not while it is queued.
class OpClock {
  public:
    void start(cudaStream_t stream) { record(stream); }
    void stop(cudaStream_t stream) { record(stream); }
    /// Everything since the last call. \pre the stream has finished
    DeviceTimes read();

  private:
    void record(cudaStream_t stream);

    std::vector<Event> events_;  ///< start, stop, start, stop ...; kept for the next time
    std::size_t used_{0};
};

/// \p op, timed by the clock of the context that it runs in.
std::unique_ptr<Op> make_timed(std::unique_ptr<Op> op);

}  // namespace atnas::backend::cuda
