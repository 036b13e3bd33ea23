#include "atnas/evo/migrant_bytes.hpp"

#include <bit>
#include <concepts>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "atnas/core/error.hpp"
#include "atnas/evo/individual_fields.hpp"

namespace atnas::evo {

namespace {

// The wire form of migrants. All numbers are little-endian:
//   u32 magic, i32 departure, u32 count, then per individual
//   u32 genes, that many i8, then the fields of evo/individual_fields.hpp, 8 bytes per element.
constexpr std::uint32_t magic = 0x334d5441;  // "ATM3"

/// One without genes.
std::size_t smallest_individual() {
    std::size_t bytes = sizeof(std::uint32_t);
    for_each_field([&](const auto&, const auto& values) { bytes += values.count * sizeof(std::uint64_t); });
    return bytes;
}

class Writer {
  public:
    template <std::integral T>
    void put(T value) {
        auto bits = static_cast<std::make_unsigned_t<T>>(value);
        for (std::size_t i = 0; i < sizeof(T); ++i) bytes_.push_back(static_cast<std::byte>((bits >> (8 * i)) & 0xffu));
    }
    void put(double value) { put(std::bit_cast<std::uint64_t>(value)); }

    std::vector<std::byte> take() { return std::move(bytes_); }

  private:
    std::vector<std::byte> bytes_;
};

class Reader {
  public:
    explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

    template <std::integral T>
    T get() {
        require(sizeof(T));
        std::make_unsigned_t<T> bits = 0;
        for (std::size_t i = 0; i < sizeof(T); ++i) {
            const auto byte = std::to_integer<std::make_unsigned_t<T>>(bytes_[i]);
            bits = static_cast<std::make_unsigned_t<T>>(bits | (byte << (8 * i)));
        }
        bytes_ = bytes_.subspan(sizeof(T));
        return static_cast<T>(bits);
    }
    template <std::floating_point T>
    T get() {
        return std::bit_cast<T>(get<std::uint64_t>());
    }

    std::size_t left() const { return bytes_.size(); }
    void require(std::size_t size) const {
        check(size <= bytes_.size(), ExitCode::failed, "a message with migrants ends too early",
              "it was damaged or comes from another version", "run the same program on every rank");
    }

  private:
    std::span<const std::byte> bytes_;
};

Individual read_individual(Reader& reader) {
    Individual member;
    const auto genes = reader.get<std::uint32_t>();
    reader.require(genes);
    member.genotype.genes.resize(genes);
    for (auto& gene : member.genotype.genes) gene = reader.get<std::int8_t>();
    for_each_field([&](const auto&, const auto& values) {
        for (auto& element : elements_of(member.*values.place))
            element = reader.get<std::remove_reference_t<decltype(element)>>();
    });
    return member;
}

}  // namespace

std::vector<std::byte> pack(const Migrants& migrants) {
    Writer writer;
    writer.put(magic);
    writer.put(static_cast<std::int32_t>(migrants.departure));
    writer.put(static_cast<std::uint32_t>(migrants.individuals.size()));
    for (const Individual& member : migrants.individuals) {
        writer.put(static_cast<std::uint32_t>(member.genotype.genes.size()));
        for (const std::int8_t gene : member.genotype.genes) writer.put(gene);
        for_each_field([&](const auto&, const auto& values) {
            for (const auto element : elements_of(member.*values.place)) writer.put(element);
        });
    }
    return writer.take();
}

Migrants unpack(std::span<const std::byte> bytes) {
    Reader reader(bytes);
    check(reader.get<std::uint32_t>() == magic, ExitCode::failed, "a message with migrants has a wrong beginning",
          "it was damaged or comes from another version", "run the same program on every rank");
    Migrants migrants;
    migrants.departure = reader.get<std::int32_t>();
    const auto count = reader.get<std::uint32_t>();
    check(count <= reader.left() / smallest_individual(), ExitCode::failed,
          "a message with migrants announces more than it holds", "it was damaged");
    migrants.individuals.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i) migrants.individuals.push_back(read_individual(reader));
    check(reader.left() == 0, ExitCode::failed, "a message with migrants is too long", "it was damaged");
    return migrants;
}

}  // namespace atnas::evo
