// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Small files and image sets for the tests of the data layer.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "atnas/core/error.hpp"
#include "atnas/data/image_set.hpp"

namespace atnas::data::testing {

using Bytes = std::vector<std::uint8_t>;

/// An empty folder that goes away with the object.
class TemporaryFolder {
  public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::filesystem::path& path() const noexcept { return path_; }
    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

  private:
    std::filesystem::path path_;
};

/// Colour types of the PNG format.
enum class PngColor : std::uint8_t { grey = 0, rgb = 2, grey_alpha = 4, rgb_alpha = 6 };

/// A PNG with uncompressed data. \p rows holds the packed bytes of each row, without filter bytes.
Bytes encode_png(int width, int height, int bits, PngColor color, const std::vector<Bytes>& rows);
/// Grey, 8 bits, all pixels of one \p value.
Bytes flat_png(int width, int height, std::uint8_t value);
/// JPEG of best quality from RGB samples, [row][column][channel].
Bytes encode_jpeg(int width, int height, std::span<const std::uint8_t> rgb);

void write_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);
Bytes read_file(const std::filesystem::path& path);

enum class Packing { zip, seven_zip, tar, pax, gnu_tar, tar_gz, tar_xz };
/// What lies in an archive: a file, or a folder when the name ends in '/', or what else \p kind says.
struct Member {
    enum class Kind { file, symbolic_link, hard_link, pipe };
    std::string name;
    Bytes bytes{};
    Kind kind{Kind::file};
    std::string target{};  ///< of a link
};
/// Names are UTF-8. \p encrypted: for zip, all contents.
enum class Encrypted { no, yes };
void write_members(const std::filesystem::path& path, Packing packing, const std::vector<Member>& members,
                   Encrypted encrypted = Encrypted::no);
/// Names and contents; a name that ends in '/' is a folder.
using Files = std::vector<std::pair<std::string, Bytes>>;
void write_archive(const std::filesystem::path& path, Packing packing, const Files& files);
/// Keeps the first \p size bytes.
void cut_file(const std::filesystem::path& path, std::uintmax_t size);

/// An IDX file of unsigned bytes.
Bytes encode_idx(const std::vector<std::uint32_t>& shape, const Bytes& values);
/// \p bytes packed by gzip.
void write_gzip(const std::filesystem::path& path, const Bytes& bytes);

/// \p classes classes in groups of \p per_group (the last may be smaller), named "gG/cC". Every image is different:
/// its first pixels hold class and number, the others are a gradient.
ImageSet make_set(int classes, int images_per_class, int per_group, int size = 6);

/// The code and all lines of the Error that \p act throws; fails the test when it throws none.
struct Caught {
    ExitCode code{ExitCode::done};
    std::string text;
    std::size_t problems{0};

    bool mentions(const std::string& part) const { return text.find(part) != std::string::npos; }
};
Caught error_of(const std::function<void()>& act);

/// The Omniglot background archive, or an empty path where it is not at hand.
std::filesystem::path omniglot_archive();
/// A zip of runs of the one-shot challenge beside it, or an empty path.
std::filesystem::path omniglot_runs();
inline constexpr const char* no_omniglot = "set ATNAS_OMNIGLOT to the path of images_background.zip to run this";
inline constexpr const char* no_omniglot_runs =
    "put one_shot_runs_sample.zip beside images_background.zip, and set ATNAS_OMNIGLOT to the path of that, to run "
    "this";

/// Share of the queries of \p tasks 5-way 1-shot tasks whose nearest support image in pixel space has their label.
double nearest_neighbour_accuracy(const ImageSet& images, int tasks);

/// FNV-1a.
std::uint64_t hash_of(std::span<const std::uint8_t> bytes, std::uint64_t start = 14695981039346656037ULL);

}  // namespace atnas::data::testing
