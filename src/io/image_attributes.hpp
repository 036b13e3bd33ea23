// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The shape of images as attributes channels, height and width of an object.

#include <string>

#include "atnas/io/hdf5.hpp"
#include "atnas/space/network_options.hpp"

namespace atnas::io {

void write_image_shape(File& file, const std::string& object, const space::ImageShape& shape);

/// Throws Error(bad_data): not there, or nothing that any image set may have.
space::ImageShape read_image_shape(const File& file, const std::string& object);

}  // namespace atnas::io
