// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Labelled images that a user brings, made ready for a network.

#include <filesystem>

#include "atnas/comm/communicator.hpp"
#include "atnas/data/image_set.hpp"
#include "atnas/data/import_images.hpp"
#include "atnas/space/shape.hpp"

namespace atnas::app {

/// A folder or archive with a folder per class, see data::import_images, or a data set of ours (.h5). Images of a
/// folder or archive come in the size and the channels of \p shape: grey into colour is the grey three times, colour
/// into grey its luma. Throws Error(bad_data) on every rank: as import_images() and io::read_data_set() do, a data set
/// of another size or of other channels, fewer than two classes. Collective.
data::ImageSet load_user_images(const std::filesystem::path& source, const space::ImageShape& shape,
                                data::Invert invert, const comm::Communicator& communicator);

/// Mean value of all pixels, 0 = black, 1 = white.
double brightness(const data::ImageSet& images);

}  // namespace atnas::app
