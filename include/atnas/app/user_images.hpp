// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Labelled images that a user brings, made ready for a network.

#include <filesystem>
#include <string>

#include "atnas/comm/communicator.hpp"
#include "atnas/data/image_set.hpp"
#include "atnas/data/import_images.hpp"
#include "atnas/space/shape.hpp"

namespace atnas::app {

struct UserImages {
    data::ImageSet set;
    std::string
        digest;  ///< of the content of a data set as its file has it; of a folder's images as they are in the set
};

/// A folder or archive with a folder per class, see data::import_images, or a data set of ours (.h5). Images of a
/// folder or archive come in the size and the channels of \p shape: grey into colour is the grey three times, colour
/// into grey its luma. Those of a data set are brought to it alike. Throws Error(bad_data) on every rank: as
/// import_images(), io::read_data_set() and brought_to() do, and for fewer than two classes. Collective.
UserImages load_user_images(const std::filesystem::path& source, const space::ImageShape& shape, data::Invert invert,
                            const comm::Communicator& communicator);

/// Images with this size and these channels; where they have others, they are converted as an import does it, and the
/// log says so. \p source is how it calls them. Throws Error(bad_data): neither 1 nor 3 channels here and there.
data::ImageSet brought_to(const space::ImageShape& shape, data::ImageSet images, const std::filesystem::path& source);

}  // namespace atnas::app
