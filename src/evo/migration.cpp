#include "atnas/evo/migration.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>

#include "atnas/core/contract.hpp"
#include "atnas/core/error.hpp"

namespace atnas::evo {

namespace {

Admission admit(Population& population, const Individual& immigrant) {
    const bool known = std::ranges::find(population, immigrant.genotype, &Individual::genotype) != population.end();
    if (known) return Admission::duplicate;
    if (std::isnan(immigrant.fitness) || !better(immigrant, population.back())) return Admission::worse;
    population.back() = immigrant;
    rank(population);
    return Admission::accepted;
}

// The wire form of migrants. All numbers are little-endian:
//   u32 magic, u32 count, then per individual
//   u32 genes, that many i8, f64 fitness, i32 birth, i32 age, i64 id, i64 parents[2], i64 parameters, i64 macs.
constexpr std::uint32_t magic = 0x314d5441;  // "ATM1"
constexpr std::size_t smallest_individual = 4 + 8 + 4 + 4 + 5 * 8;

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
    double get_double() { return std::bit_cast<double>(get<std::uint64_t>()); }

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
    member.fitness = reader.get_double();
    member.birth = reader.get<std::int32_t>();
    member.age = reader.get<std::int32_t>();
    member.id = reader.get<std::int64_t>();
    for (auto& parent : member.parents) parent = reader.get<std::int64_t>();
    member.parameters = reader.get<std::int64_t>();
    member.macs = reader.get<std::int64_t>();
    return member;
}

}  // namespace

std::vector<Individual> emigrants(const Population& population, const MigrationOptions& options) {
    ATNAS_EXPECT(std::ranges::is_sorted(population, better));
    ATNAS_EXPECT(options.migrants >= 0);
    std::vector<Individual> chosen;
    for (const Individual& member : population) {
        if (chosen.size() == static_cast<std::size_t>(options.migrants) || std::isnan(member.fitness)) break;
        chosen.push_back(member);
    }
    return chosen;
}

void immigrate(Population& population, std::span<const Individual> immigrants, int generation, int from, int to,
               std::vector<MigrationRecord>& log) {
    ATNAS_EXPECT(!population.empty());
    ATNAS_EXPECT(std::ranges::is_sorted(population, better));
    for (const Individual& immigrant : immigrants) {
        const Admission admission = admit(population, immigrant);
        log.push_back({generation, from, to, immigrant.genotype, immigrant.fitness, admission});
    }
}

std::vector<std::byte> pack(std::span<const Individual> individuals) {
    Writer writer;
    writer.put(magic);
    writer.put(static_cast<std::uint32_t>(individuals.size()));
    for (const Individual& member : individuals) {
        writer.put(static_cast<std::uint32_t>(member.genotype.genes.size()));
        for (const std::int8_t gene : member.genotype.genes) writer.put(gene);
        writer.put(member.fitness);
        writer.put(member.birth);
        writer.put(member.age);
        writer.put(member.id);
        for (const std::int64_t parent : member.parents) writer.put(parent);
        writer.put(member.parameters);
        writer.put(member.macs);
    }
    return writer.take();
}

std::vector<Individual> unpack(std::span<const std::byte> bytes) {
    Reader reader(bytes);
    check(reader.get<std::uint32_t>() == magic, ExitCode::failed, "a message with migrants has a wrong beginning",
          "it was damaged or comes from another version", "run the same program on every rank");
    const auto count = reader.get<std::uint32_t>();
    check(count <= reader.left() / smallest_individual, ExitCode::failed,
          "a message with migrants announces more than it holds", "it was damaged");
    std::vector<Individual> individuals;
    individuals.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i) individuals.push_back(read_individual(reader));
    check(reader.left() == 0, ExitCode::failed, "a message with migrants is too long", "it was damaged");
    return individuals;
}

}  // namespace atnas::evo
