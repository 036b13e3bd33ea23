// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/user_images.hpp"

#include <numeric>
#include <string>

#include <fmt/format.h>

#include "atnas/core/error.hpp"
#include "atnas/core/log.hpp"
#include "atnas/io/data_set_file.hpp"

namespace atnas::app {
namespace {

data::ImageSet stored_images(const std::filesystem::path& source, const space::ImageShape& shape,
                             const comm::Communicator& communicator) {
    data::ImageSet images = io::read_data_set(source, communicator);
    if (images.shape != shape)
        throw Error(ExitCode::bad_data,
                    {fmt::format("{} has images of {}", source.string(), text_of(images.shape)),
                     fmt::format("the meta-network takes images of {}", text_of(shape)),
                     fmt::format("import its source anew with --size={}x{} --channels={}, or give the folder itself",
                                 shape.height, shape.width, shape.channels)});
    return images;
}

}  // namespace

data::ImageSet load_user_images(const std::filesystem::path& source, const space::ImageShape& shape,
                                data::Invert invert, const comm::Communicator& communicator) {
    data::ImageSet images;
    if (source.extension() == ".h5") {
        images = stored_images(source, shape, communicator);
    } else {
        data::ImportReport report;
        // On every rank, since they are few.
        comm::together(communicator, [&] {
            images = data::import_images(
                source, {.height = shape.height, .width = shape.width, .channels = shape.channels, .invert = invert},
                report);
        });
        world_log().info("{}: images are resized to {}, as the meta-network's data were", source.string(),
                         text_of(shape));
    }
    if (images.classes() < 2)
        throw Error(ExitCode::bad_data,
                    {fmt::format("{} has a single class, {}", source.string(), images.class_names.front()),
                     "there is nothing to tell apart", "give a folder with a folder of images for each class"});
    return images;
}

double brightness(const data::ImageSet& images) {
    return std::accumulate(images.pixels.begin(), images.pixels.end(), 0.0) / 255 /
           static_cast<double>(images.pixels.size());
}

}  // namespace atnas::app
