// SPDX-License-Identifier: Apache-2.0
#include "individual_table.hpp"

#include <optional>
#include <span>
#include <string_view>

#include "atnas/core/contract.hpp"
#include "atnas/evo/individual_fields.hpp"

#include "block_table.hpp"

namespace atnas::io {

namespace {

/// One field of every individual, elements of arrays side by side.
template <class Field>
auto elements(const evo::Population& individuals, const evo::FieldValues<Field>& field) {
    std::vector<typename evo::FieldValues<Field>::Element> values;
    values.reserve(individuals.size() * field.count);
    for (const evo::Individual& individual : individuals)
        for (const auto value : evo::elements_of(individual.*field.place)) values.push_back(value);
    return values;
}

/// Sets one field of \p individuals, whom the first field makes: only then the file has shown to hold as many.
template <class Field>
void read_field(const File& file, const std::string& name, const evo::FieldValues<Field>& field,
                std::vector<std::uint64_t> shape, evo::Population& individuals) {
    if (field.is_array) shape.push_back(field.count);
    if (file.info(name).shape != shape) refuse(file, name, "it does not fit the genotypes beside it or is missing");
    const auto values = file.read<typename evo::FieldValues<Field>::Element>(name);
    individuals.resize(values.size() / field.count);
    auto next = values.begin();
    for (evo::Individual& individual : individuals)
        for (auto& element : evo::elements_of(individual.*field.place)) element = *next++;
}

}  // namespace

std::vector<std::int8_t> joined_genes(const std::vector<const space::Genotype*>& genotypes, std::uint64_t genes) {
    std::vector<std::int8_t> all;
    all.reserve(genotypes.size() * genes);
    for (const space::Genotype* genotype : genotypes) {
        ATNAS_EXPECT(genotype->genes.size() == genes);
        all.insert(all.end(), genotype->genes.begin(), genotype->genes.end());
    }
    return all;
}

void write_individuals(File& file, const std::string& group, const evo::Population& mine, const IndividualSlab& slab) {
    // An axis more for what is not one number each.
    const auto write = [&]<class T>(std::string_view name, const std::vector<T>& values,
                                    std::optional<std::uint64_t> length) {
        std::vector<std::uint64_t> shape = slab.shape;
        if (length) shape.push_back(*length);
        file.write_slab<T>(group + "/" + std::string(name), values, shape, slab.first, slab.rows);
    };
    std::vector<const space::Genotype*> genotypes;
    for (const evo::Individual& individual : mine) genotypes.push_back(&individual.genotype);
    write("genotypes", joined_genes(genotypes, slab.genes), slab.genes);
    evo::for_each_field([&](const evo::IndividualField& field, const auto& values) {
        write(field.name, elements(mine, values),
              values.is_array ? std::optional<std::uint64_t>(values.count) : std::nullopt);
    });
}

evo::Population read_individuals(const File& file, const std::string& group, std::size_t axes) {
    const std::string genotypes = group + "/genotypes";
    std::vector<std::uint64_t> shape = file.info(genotypes).shape;
    if (shape.size() != axes)
        refuse(
            file, genotypes,
            "it has " + std::to_string(shape.size()) + " axes instead of " + std::to_string(axes) + " or is missing");
    const auto genes = file.read<std::int8_t>(genotypes);
    const std::uint64_t length = shape.back();
    shape.pop_back();
    evo::Population all;
    evo::for_each_field([&](const evo::IndividualField& field, const auto& values) {
        read_field(file, group + "/" + std::string(field.name), values, shape, all);
    });
    std::span<const std::int8_t> rest(genes);
    for (evo::Individual& individual : all) {
        individual.genotype.genes.assign(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(length));
        rest = rest.subspan(length);
    }
    return all;
}

}  // namespace atnas::io
