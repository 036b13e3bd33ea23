// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Standard output that cannot be written to is an error like any other file.

#include "atnas/comm/communicator.hpp"

namespace atnas::app {

/// Takes the places of standard streams that are closed, so that no file of ours is opened there and printed into.
/// Printing stays an error. To be called before anything is opened.
void fill_closed_streams() noexcept;

/// Throws Error(bad_data) on every rank when something that rank 0 printed did not arrive. Collective.
void expect_printed(const comm::Communicator& communicator);

}  // namespace atnas::app
