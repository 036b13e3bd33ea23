// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/population_bytes.hpp"

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "atnas/core/error.hpp"
#include "atnas/evo/individual_fields.hpp"

namespace atnas::evo {

namespace {

// Per population: members; per member: genes, that many bytes, then the fields of evo/individual_fields.hpp. Numbers
// have 8 bytes, as the machine has them: the ranks of a job run the same program on machines of one kind.

template <class T>
void append(T value, std::vector<std::byte>& message) {
    static_assert(sizeof(T) == sizeof(std::int64_t));
    const auto* first = reinterpret_cast<const std::byte*>(&value);
    message.insert(message.end(), first, first + sizeof(T));
}

class Reader {
  public:
    explicit Reader(std::span<const std::byte> message) : left_(message) {}

    bool is_done() const noexcept { return left_.empty(); }

    std::span<const std::byte> take(std::size_t bytes) {
        check(bytes <= left_.size(), ExitCode::failed, "a message with populations ends too early",
              "it was damaged or comes from another version", "run the same program on every rank");
        const auto taken = left_.first(bytes);
        left_ = left_.subspan(bytes);
        return taken;
    }
    template <class T>
    T number() {
        T value{};
        std::memcpy(&value, take(sizeof(T)).data(), sizeof(T));
        return value;
    }

  private:
    std::span<const std::byte> left_;
};

Individual read_individual(Reader& reader) {
    Individual individual;
    const auto genes = reader.take(reader.number<std::uint64_t>());
    for (const std::byte gene : genes) individual.genotype.genes.push_back(static_cast<std::int8_t>(gene));
    for_each_field([&](const auto&, const auto& values) {
        for (auto& element : elements_of(individual.*values.place))
            element = reader.number<std::remove_reference_t<decltype(element)>>();
    });
    return individual;
}

}  // namespace

void append_bytes(const Population& population, std::vector<std::byte>& message) {
    append(static_cast<std::uint64_t>(population.size()), message);
    for (const Individual& individual : population) {
        append(static_cast<std::uint64_t>(individual.genotype.genes.size()), message);
        for (const std::int8_t gene : individual.genotype.genes) message.push_back(static_cast<std::byte>(gene));
        for_each_field([&](const auto&, const auto& values) {
            for (const auto element : elements_of(individual.*values.place)) append(element, message);
        });
    }
}

std::vector<Population> read_populations(std::span<const std::byte> message) {
    Reader reader(message);
    std::vector<Population> populations;
    while (!reader.is_done()) {
        Population& population = populations.emplace_back();
        const auto members = reader.number<std::uint64_t>();
        while (population.size() < members) population.push_back(read_individual(reader));
    }
    return populations;
}

}  // namespace atnas::evo
