// SPDX-License-Identifier: Apache-2.0
#include "fuzz/stored_file.hpp"

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <optional>
#include <set>
#include <type_traits>

#include "atnas/core/error.hpp"
#include "fuzz/scratch_folder.hpp"

namespace atnas::fuzz {

namespace {

constexpr const char* contents = "/contents";
constexpr const char* provenance = "/provenance";
const comm::Communicator alone;

/// What \p read gives, nothing when the object is of another type.
template <class Read>
auto attempt(const Read& read) -> std::optional<decltype(read())> {
    try {
        return read();
    } catch (const Error&) {
        return std::nullopt;
    }
}

std::uint64_t product(const std::vector<std::uint64_t>& shape) {
    return std::accumulate(shape.begin(), shape.end(), std::uint64_t{1}, std::multiplies<>());
}

/// One value of an array: any bits, and often one of those at which things go wrong.
template <class T>
T any_value(FuzzedDataProvider& bytes) {
    if constexpr (std::is_same_v<T, std::string>) {
        return bytes.ConsumeRandomLengthString(40);
    } else if constexpr (std::is_floating_point_v<T>) {
        constexpr T huge = std::numeric_limits<T>::max();
        constexpr T nan = std::numeric_limits<T>::quiet_NaN();
        return bytes.PickValueInArray<T>({T(0), T(-1), T(0.5), T(100), huge, -huge, nan, huge * T(2)});
    } else {
        return bytes.ConsumeBool() ? bytes.ConsumeIntegral<T>() : static_cast<T>(bytes.ConsumeIntegral<std::int8_t>());
    }
}

/// As many as \p size values, those of \p values over and over.
template <class T>
std::vector<T> repeated(std::vector<T> values, std::size_t size) {
    if (values.empty()) values.emplace_back();
    const std::size_t had = values.size();
    values.resize(size);
    for (std::size_t i = had; i < size; ++i) values[i] = values[i - had];
    return values;
}

}  // namespace

StoredFile::StoredFile(const std::filesystem::path& path) {
    const io::File file = io::File::open(path, alone, io::Access::serial);
    has_contents_ = file.info(contents).exists;
    read_attributes(file, "/");
    read_group(file, "/");
}

void StoredFile::read_attributes(const io::File& file, const std::string& object) {
    for (const std::string& name : file.attribute_names(object)) {
        // Written anew where there is a list of contents; a data set is as good without.
        if (object == "/" && (name == "complete" || name == "digest")) continue;
        if (object == provenance && name == "digest") continue;
        Attribute attribute{object, name, {}};
        if (const auto text = attempt([&] { return file.text_attribute(object, name); })) attribute.value = *text;
        if (const auto number = attempt([&] { return file.integer_attribute(object, name); }))
            attribute.value = *number;
        if (const auto real = attempt([&] { return file.real_attribute(object, name); })) attribute.value = *real;
        attributes_.push_back(std::move(attribute));
    }
}

void StoredFile::read_group(const io::File& file, const std::string& group) {
    for (const std::string& child : file.children(group)) {
        const std::string name = group == "/" ? "/" + child : group + "/" + child;
        if (name == contents) continue;
        const io::ArrayInfo info = file.info(name);
        if (!info.exists) {
            groups_.push_back(name);
            read_attributes(file, name);
            read_group(file, name);
            continue;
        }
        Array array{name, info.shape, {}};
        const auto take = [&]<class T>(T) {
            if (auto values = attempt([&] { return file.read<T>(name); })) array.values = std::move(*values);
        };
        take(std::int8_t{}), take(std::uint8_t{}), take(std::int32_t{}), take(std::int64_t{}), take(0.0F), take(0.0);
        if (auto texts = attempt([&] { return file.read_strings(name); })) array.values = std::move(*texts);
        arrays_.push_back(std::move(array));
    }
}

void StoredFile::edit(FuzzedDataProvider& bytes) {
    while (bytes.remaining_bytes() > 0 && !arrays_.empty() && !attributes_.empty())
        bytes.ConsumeIntegralInRange(0, 3) == 0 ? edit_attribute(bytes) : edit_array(bytes);
}

void StoredFile::edit_attribute(FuzzedDataProvider& bytes) {
    const auto place =
        attributes_.begin() + bytes.ConsumeIntegralInRange<std::ptrdiff_t>(0, std::ssize(attributes_) - 1);
    switch (bytes.ConsumeIntegralInRange(0, 4)) {
        case 0:
            attributes_.erase(place);
            break;
        case 1:
            place->value = any_value<std::string>(bytes);
            break;
        case 2:
            place->value = any_value<std::int64_t>(bytes);
            break;
        case 3:
            place->value = any_value<double>(bytes);
            break;
        default: {
            Attribute more = *place;
            more.name += static_cast<char>(bytes.ConsumeIntegralInRange('a', 'z'));
            const auto same = [&](const Attribute& other) {
                return other.object == more.object && other.name == more.name;
            };
            if (std::ranges::none_of(attributes_, same)) attributes_.push_back(std::move(more));
        }
    }
}

void StoredFile::edit_array(FuzzedDataProvider& bytes) {
    const auto place = arrays_.begin() + bytes.ConsumeIntegralInRange<std::ptrdiff_t>(0, std::ssize(arrays_) - 1);
    switch (bytes.ConsumeIntegralInRange(0, 5)) {
        case 0:
            arrays_.erase(place);
            break;
        case 1: {  // another shape
            place->shape.resize(bytes.ConsumeIntegralInRange<std::size_t>(1, 4));
            for (std::uint64_t& length : place->shape) length = bytes.ConsumeIntegralInRange<std::uint64_t>(0, 9);
            // Texts are written in a list.
            if (place->values.index() == std::variant_size_v<Values> - 1) place->shape.resize(1);
            const auto size = static_cast<std::size_t>(product(place->shape));
            std::visit([&](auto& values) { values = repeated(std::move(values), size); }, place->values);
            break;
        }
        case 2: {  // another type
            const auto size = static_cast<std::size_t>(product(place->shape));
            const auto fill = [&]<class T>(T value) { place->values = std::vector<T>(size, value); };
            switch (bytes.ConsumeIntegralInRange(0, 4)) {
                case 0:
                    fill(any_value<std::int8_t>(bytes));
                    break;
                case 1:
                    fill(any_value<std::int32_t>(bytes));
                    break;
                case 2:
                    fill(any_value<std::int64_t>(bytes));
                    break;
                case 3:
                    fill(any_value<double>(bytes));
                    break;
                default:
                    fill(any_value<std::string>(bytes));
                    place->shape = {size};
            }
            break;
        }
        case 3: {  // one more
            Array more = *place;
            more.name += static_cast<char>(bytes.ConsumeIntegralInRange('a', 'z'));
            const bool taken = std::ranges::find(groups_, more.name) != groups_.end() ||
                               std::ranges::find(arrays_, more.name, &Array::name) != arrays_.end();
            if (!taken) arrays_.push_back(std::move(more));
            break;
        }
        default:  // another value
            std::visit(
                [&]<class T>(std::vector<T>& values) {
                    if (values.empty()) return;
                    const auto element = bytes.ConsumeIntegralInRange<std::size_t>(0, values.size() - 1);
                    values[element] = any_value<T>(bytes);
                },
                place->values);
    }
}

void StoredFile::write(const std::filesystem::path& path) const {
    io::File file = io::File::create(path, alone, io::Access::serial);
    io::Contents list;
    if (has_contents_) file.note_in(&list);
    for (const std::string& group : groups_) file.group(group);
    Provenance origin;
    for (const Attribute& attribute : attributes_) {
        if (attribute.object == provenance && std::holds_alternative<std::string>(attribute.value)) {
            origin.emplace_back(attribute.name, std::get<std::string>(attribute.value));
        } else {
            std::visit([&](const auto& value) { file.attribute(attribute.object, attribute.name, value); },
                       attribute.value);
        }
    }
    io::write_provenance(file, origin);
    for (const Array& array : arrays_) {
        std::visit(
            [&]<class T>(const std::vector<T>& values) {
                if constexpr (std::is_same_v<T, std::string>) {
                    file.write_strings(array.name, values);
                } else {
                    file.write<T>(array.name, values, array.shape);
                }
            },
            array.values);
    }
    if (has_contents_) io::write_contents(file, list);
    io::write_completion(file);
    file.close();
}

const std::filesystem::path& write_edited(const StoredFile& whole, FuzzedDataProvider& bytes) {
    static const ScratchFolder folder;
    static const std::filesystem::path scratch = folder.path() / "edited.h5";
    StoredFile file = whole;
    file.edit(bytes);
    file.write(scratch);
    return scratch;
}

}  // namespace atnas::fuzz
