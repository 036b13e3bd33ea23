#include "atnas/data/import_images.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <string_view>

#include "atnas/core/error.hpp"
#include "atnas/data/archive_reader.hpp"
#include "atnas/data/bitmap.hpp"

namespace atnas::data {
namespace {

namespace fs = std::filesystem;

using Bytes = std::vector<std::uint8_t>;
/// Folders and file name of an image. Sorting these, not the joined text, keeps the images of a folder together.
using Parts = std::vector<std::string>;
using Pixels = std::vector<std::uint8_t>;

constexpr std::size_t most_named = 20;  ///< damaged images that an error lists one by one

Parts parts_of(std::string_view path) {
    Parts parts;
    while (!path.empty()) {
        const auto end = std::min(path.find('/'), path.size());
        const std::string_view part = path.substr(0, end);
        if (!part.empty() && part != ".") parts.emplace_back(part);
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return parts;
}

std::string join(Parts::const_iterator first, Parts::const_iterator last) {
    std::string path;
    for (; first != last; ++first) path += (path.empty() ? "" : "/") + *first;
    return path;
}

bool is_hidden(const Parts& parts) {
    return std::any_of(parts.begin(), parts.end(), [](const std::string& part) { return part.front() == '.'; });
}

enum class Ending { image, none, other };

/// Formats that cannot be read count as images here, so that they are reported and not silently missing.
Ending ending_of(const std::string& file_name) {
    static constexpr std::array<std::string_view, 14> images{".png", ".jpg",  ".jpeg", ".jpe", ".jfif", ".gif", ".bmp",
                                                             ".tif", ".tiff", ".webp", ".pgm", ".ppm",  ".pbm", ".pnm"};
    std::string ending = fs::path(file_name).extension().string();
    if (ending.empty()) return Ending::none;
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    return std::find(images.begin(), images.end(), ending) == images.end() ? Ending::other : Ending::image;
}

/// Takes files one by one and keeps the images among them, resized.
class Collector {
  public:
    explicit Collector(const ImportOptions& options) : options_(options) {}

    /// Whether a file of that name has to be read.
    static bool wants(const Parts& parts) {
        return !parts.empty() && !is_hidden(parts) && ending_of(parts.back()) != Ending::other;
    }

    void add(const Parts& parts, const Bytes& file) {
        if (ending_of(parts.back()) == Ending::none && !is_png_or_jpeg(file)) return;
        const std::string name = join(parts.begin(), parts.end());
        if (parts.size() < 2) {
            refuse(parts, {"cannot use image " + name, "it lies in no folder, and an image's folder is its class",
                           "move it into a folder, or skip bad images"});
            return;
        }
        try {
            Bitmap image = resize(decode_bitmap(file, options_.channels, name), options_.height, options_.width,
                                  options_.resample);
            if (options_.invert == Invert::yes) {
                for (auto& sample : image.samples) sample = static_cast<std::uint8_t>(255 - sample);
            }
            bad_.erase(parts);
            images_[parts] = std::move(image.samples);
        } catch (const Error& error) {
            refuse(parts, error.problems().front());
        }
    }

    void refuse(const Parts& parts, Problem problem) {
        images_.erase(parts);
        bad_[parts] = std::move(problem);
    }

    const std::map<Parts, Pixels>& images() const noexcept { return images_; }
    const std::map<Parts, Problem>& bad() const noexcept { return bad_; }

  private:
    const ImportOptions& options_;
    std::map<Parts, Pixels> images_;
    std::map<Parts, Problem> bad_;
};

[[noreturn]] void fail(const fs::path& source, const std::string& why, const std::string& suggestion) {
    throw Error(ExitCode::bad_data, Problem{"cannot import " + source.string(), why, suggestion});
}

void collect_archive(const fs::path& source, Collector& collector) {
    ArchiveReader reader(source);
    while (reader.next()) {
        const Parts parts = parts_of(reader.name());
        if (!Collector::wants(parts)) continue;
        const Bytes file = reader.read();
        if (reader.damage().empty()) {
            collector.add(parts, file);
        } else {
            collector.refuse(parts, {"cannot read image " + reader.name(), reader.damage(),
                                     "fetch the archive again, or skip bad images"});
        }
    }
}

void collect_folder(const fs::path& source, Collector& collector) {
    const fs::recursive_directory_iterator files(source, fs::directory_options::follow_directory_symlink);
    for (const auto& entry : files) {
        if (!entry.is_regular_file()) continue;
        const Parts parts = parts_of(entry.path().lexically_relative(source).generic_string());
        if (!Collector::wants(parts)) continue;
        std::ifstream stream(entry.path(), std::ios::binary);
        const Bytes file{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
        if (!stream.is_open() || stream.bad()) {
            collector.refuse(parts, {"cannot read image " + join(parts.begin(), parts.end()),
                                     "the file cannot be opened", "check its permissions"});
        } else {
            collector.add(parts, file);
        }
    }
}

/// Number of leading folders that the classes of all images share. The last folder of a path always names its class.
std::size_t shared_folders(const std::map<Parts, Pixels>& images) {
    const Parts& first = images.begin()->first;
    std::size_t shared = first.size() - 2;
    for (const auto& [parts, pixels] : images) {
        shared = std::min(shared, parts.size() - 2);
        const auto differ =
            std::mismatch(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(shared), first.begin());
        shared = static_cast<std::size_t>(differ.first - parts.begin());
    }
    return shared;
}

/// \pre images are not empty, and each lies in a folder
ImageSet assemble(const std::map<Parts, Pixels>& images) {
    ImageSet set;
    const auto shared = static_cast<std::ptrdiff_t>(shared_folders(images));
    std::map<Parts, std::vector<const std::pair<const Parts, Pixels>*>> classes;
    for (const auto& image : images)
        classes[Parts(image.first.begin() + shared, image.first.end() - 1)].push_back(&image);

    std::map<std::string, std::int32_t> groups;
    set.first_of_class.push_back(0);
    for (const auto& [folders, members] : classes) {
        std::string group = join(folders.begin(), folders.end() - 1);
        if (group.empty()) group = "all";
        const auto [place, is_new] = groups.emplace(group, static_cast<std::int32_t>(groups.size()));
        if (is_new) set.group_names.push_back(group);
        set.group_of_class.push_back(place->second);
        set.class_names.push_back(join(folders.begin(), folders.end()));
        for (const auto* image : members) {
            set.image_names.push_back(join(image->first.begin(), image->first.end()));
            set.pixels.insert(set.pixels.end(), image->second.begin(), image->second.end());
        }
        set.first_of_class.push_back(set.first_of_class.back() + static_cast<std::int64_t>(members.size()));
    }
    return set;
}

void check_options(const ImportOptions& options) {
    check(options.height >= 1 && options.width >= 1 && options.height <= 4096 && options.width <= 4096,
          ExitCode::bad_deck, "import: image height or width", "both must be in 1 .. 4096 pixels");
    check(options.channels == 1 || options.channels == 3, ExitCode::bad_deck, "import: channels",
          "images are grey (1) or RGB (3)");
}

std::vector<Problem> problems_of(const std::map<Parts, Problem>& bad) {
    std::vector<Problem> problems;
    for (const auto& [parts, problem] : bad) {
        if (problems.size() == most_named) {
            problems.push_back({std::to_string(bad.size() - most_named) + " more images cannot be read", {}, {}});
            break;
        }
        problems.push_back(problem);
    }
    return problems;
}

}  // namespace

ImageSet import_images(const fs::path& source, const ImportOptions& options, ImportReport& report) {
    check_options(options);
    report = {};
    Collector collector(options);
    try {
        if (!fs::exists(source)) fail(source, "there is no such file or folder", "check the path");
        fs::is_directory(source) ? collect_folder(source, collector) : collect_archive(source, collector);
    } catch (const fs::filesystem_error& error) {
        fail(source, error.code().message(), "check its permissions");
    }
    if (options.bad_images == BadImages::fail && !collector.bad().empty()) {
        throw Error(ExitCode::bad_data, problems_of(collector.bad()));
    }
    for (const auto& [parts, problem] : collector.bad()) {
        report.skipped.push_back(join(parts.begin(), parts.end()) + ": " + problem.reason);
    }
    if (collector.images().empty()) {
        fail(source, collector.bad().empty() ? "no PNG or JPEG image was found" : "every image in it is bad",
             "images lie in folders, one per class");
    }
    ImageSet set = assemble(collector.images());
    set.shape = {options.channels, options.height, options.width};
    set.source = source.string();
    set.validate();
    report.images = set.images();
    return set;
}

bool may_be_image(const fs::path& file) {
    std::error_code ignored;
    if (!fs::is_regular_file(file, ignored)) return false;
    if (ending_of(file.filename().string()) == Ending::image) return true;
    std::ifstream stream(file, std::ios::binary);
    Bytes start(16);
    stream.read(reinterpret_cast<char*>(start.data()), static_cast<std::streamsize>(start.size()));
    start.resize(static_cast<std::size_t>(stream.gcount()));
    return is_png_or_jpeg(start);
}

}  // namespace atnas::data
