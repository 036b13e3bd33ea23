// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The HDF5 file of `atnas evaluate` (filetype "atnas-evaluation", see analysis/FORMAT.md).

#include <filesystem>

#include "atnas/app/report/evaluation.hpp"
#include "atnas/core/provenance.hpp"

namespace atnas::app {

/// Written under a temporary name and renamed. One process. Throws Error(bad_data).
void write_evaluation(const std::filesystem::path& path, const Evaluation& evaluation, const Provenance& provenance);

}  // namespace atnas::app
