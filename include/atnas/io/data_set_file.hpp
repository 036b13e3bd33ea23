// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Image sets as HDF5 files (filetype "atnas-data"). Layout: analysis/FORMAT.md.

#include <filesystem>

#include "atnas/comm/communicator.hpp"
#include "atnas/core/digest.hpp"
#include "atnas/core/provenance.hpp"
#include "atnas/data/image_set.hpp"

namespace atnas::io {

/// What a data set is known by, whatever its name and place: images, classes and groups, but neither the names of
/// images nor the source. Attribute digest of its file; formed as analysis/FORMAT.md says.
Digest content_digest(const data::ImageSet& images);

/// Written under a temporary name and renamed. One process. Throws Error(bad_data).
void write_data_set(const std::filesystem::path& path, const data::ImageSet& images, const Provenance& provenance);

/// Rank 0 reads and broadcasts. Throws Error(bad_data) on every rank when missing, truncated, of another type, or not
/// of the digest that it was written with (files of older programs have none). Collective.
data::ImageSet read_data_set(const std::filesystem::path& path, const comm::Communicator& communicator);

}  // namespace atnas::io
