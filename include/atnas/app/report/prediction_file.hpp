// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Predictions as a file: CSV, or HDF5 (filetype "atnas-predictions", see analysis/FORMAT.md).

#include <filesystem>

#include "atnas/app/report/predictions.hpp"
#include "atnas/core/provenance.hpp"

namespace atnas::app {

/// HDF5 where the name ends in .h5, else CSV. Written under a temporary name and renamed. One process. Throws
/// Error(bad_data).
void write_predictions(const std::filesystem::path& path, const Predictions& predictions, ClassColumns columns,
                       const Provenance& provenance);

}  // namespace atnas::app
