#pragma once
/// \file
/// One device, one replica.

#include <string>

#include "atnas/comm/communicator.hpp"

namespace atnas::comm {

/// Throws Error(bad_deck), on all ranks alike, if two ranks compute on one device, naming device, host and both ranks:
/// the replicas would take turns, and NCCL refuses them with a code that says less. \param device_id this rank's
/// Backend::device_id(); empty for processors, which ranks share. Collective.
void expect_own_devices(const Communicator& communicator, const std::string& device_id);

}  // namespace atnas::comm
