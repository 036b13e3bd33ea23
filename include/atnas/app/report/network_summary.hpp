// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What `atnas info` says of a network.

#include "atnas/app/report/file_summary.hpp"
#include "atnas/io/network_file.hpp"

namespace atnas::app {

FileSummary network_summary(const io::NetworkFile& network);

}  // namespace atnas::app
