// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/user_images.hpp"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "atnas/core/error.hpp"
#include "atnas/core/log.hpp"
#include "atnas/io/data_set_file.hpp"

namespace atnas::app {

UserImages load_user_images(const std::filesystem::path& source, const space::ImageShape& shape, data::Invert invert,
                            const comm::Communicator& communicator) {
    UserImages mine;
    data::ImageSet& images = mine.set;
    if (source.extension() == ".h5") {
        images = io::read_data_set(source, communicator);
        mine.digest = io::content_digest(images).text();
        images = brought_to(shape, std::move(images), source);
    } else {
        data::ImportReport report;
        // On every rank, since they are few.
        comm::together(communicator, [&] {
            images = data::import_images(
                source, {.height = shape.height, .width = shape.width, .channels = shape.channels, .invert = invert},
                report);
        });
        mine.digest = io::content_digest(images).text();
        world_log().info("{}: images are resized to {}, as the meta-network's data were", source.string(),
                         text_of(shape));
    }
    if (images.classes() < 2)
        throw Error(ExitCode::bad_data,
                    {fmt::format("{} has a single class, {}", source.string(), images.class_names.front()),
                     "there is nothing to tell apart", "give a folder with a folder of images for each class"});
    return mine;
}

data::ImageSet brought_to(const space::ImageShape& shape, data::ImageSet images, const std::filesystem::path& source) {
    if (images.shape == shape) return images;
    const auto is_image = [](int channels) { return channels == 1 || channels == 3; };
    if (!is_image(images.shape.channels) || !is_image(shape.channels))
        throw Error(ExitCode::bad_data,
                    {fmt::format("{} has images of {}", source.string(), text_of(images.shape)),
                     fmt::format("the networks take images of {}", text_of(shape)),
                     "only images of 1 channel (grey) and 3 (colour) are converted; give a data set of that shape"});
    world_log().info("{}: images of {} are brought to {} (channels x height x width), what the networks take",
                     source.string(), text_of(images.shape), text_of(shape));
    if (shape.channels < images.shape.channels) world_log().warn("{}: its colours are lost", source.string());
    return data::fitted(std::move(images), {.height = shape.height, .width = shape.width, .channels = shape.channels});
}

}  // namespace atnas::app
