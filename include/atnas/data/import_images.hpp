// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Image archives and folder trees -> ImageSet.

#include <filesystem>
#include <string>
#include <vector>

#include "atnas/data/bitmap.hpp"
#include "atnas/data/image_set.hpp"
#include "atnas/data/resize.hpp"

namespace atnas::data {

enum class Invert { no, yes };
enum class BadImages { fail, skip };

struct ImportOptions {
    int height{28};
    int width{28};
    int channels{1};  ///< 1 (grey) or 3 (RGB)
    Resample resample{Resample::area};
    Invert invert{Invert::no};
    BadImages bad_images{BadImages::fail};
};

/// A class with images that are all of one colour, which may be a loss of conversion (ink that is only in the alpha
/// channel, dark pictures of 16 bits).
struct ConstantImages {
    std::string class_name;
    std::int64_t constant{0};
    std::int64_t images{0};
};

struct ImportReport {
    std::int64_t images{0};
    std::vector<std::string> skipped;       ///< "name: why", one per image that was not taken
    std::int64_t passed_over{0};            ///< files that are no images by their ending or content; not hidden
    std::vector<std::string> lost_classes;  ///< folders of which every image was skipped
    std::vector<ConstantImages> constant;
};

/// Throws Error(bad_deck): size or channels that no image can have.
void expect_valid(const ImportOptions& options);

/// The image with the size, channels and colours of \p options. \pre they are valid
Bitmap fitted(Bitmap bitmap, const ImportOptions& options);

/// All images of a set alike. \pre the options are valid; the set is, and has 1 or 3 channels
ImageSet fitted(ImageSet set, const ImportOptions& options);

/// Classes of \p set with images that are all of one colour.
std::vector<ConstantImages> constant_images(const ImageSet& set);

/// Reads zip, 7zip, tar, tar.gz, tar.xz, ... (libarchive) or a folder, any depth; PNG and JPEG by content. Class = the
/// folder that holds the image, with its path below the last folder that all images share ("Greek/character01"); group
/// = the folder above ("Greek"), or "all" for classes without one. Order of classes and images is by name, whatever the
/// order in the archive; of entries with the same name the last counts. Names are UTF-8; other bytes and control
/// characters are written as \xHH. Files that are no images by their ending (.txt, .csv, ...) and hidden files are
/// passed over, the former counted. Throws Error(bad_data): source missing or unreadable, truncated archive, no image
/// found, and, unless bad_images == skip, with a line for each image that cannot be taken: corrupt, encrypted, too
/// large, of another format, in no folder, a path with "..", no readable name, a link inside an archive, a link that
/// leads nowhere or back to a folder above. Error(bad_deck): size or channels.
ImageSet import_images(const std::filesystem::path& source, const ImportOptions& options, ImportReport& report);

/// Whether an import of a folder that holds \p file, or a link to it, may read it as an image: by its ending or by its
/// content. False for what is not there.
bool may_be_image(const std::filesystem::path& file);

}  // namespace atnas::data
