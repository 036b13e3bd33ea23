// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// One device, one replica.

#include "atnas/backend/device_id.hpp"
#include "atnas/comm/communicator.hpp"

namespace atnas::comm {

/// Throws Error(bad_deck), on all ranks alike, if two ranks compute on one device, naming device, host and both ranks:
/// the replicas would take turns, and NCCL refuses them with a code that says less. Slices of one GPU
/// are different devices. \param device this rank's DeviceServices::id(); empty for a processor, which ranks share.
/// Collective.
void expect_own_devices(const Communicator& communicator, const backend::DeviceId& device);

/// Whether ranks of one host compute on different slices of one GPU, between which NCCL does not work: it goes by PCI
/// addresses. Collective.
bool share_gpus(const Communicator& communicator, const backend::DeviceId& device);

}  // namespace atnas::comm
