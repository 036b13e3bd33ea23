#include "atnas/app/gather_rows.hpp"

#include <cstddef>
#include <cstdint>

namespace atnas::app {

std::vector<std::vector<double>> gather_rows(const comm::Communicator& communicator,
                                             const std::vector<std::vector<double>>& mine, std::size_t width) {
    std::vector<double> flat;
    for (const auto& row : mine) flat.insert(flat.end(), row.begin(), row.end());
    const std::vector<double> all = communicator.all_gather(flat);
    std::vector<std::vector<double>> rows;
    for (auto at = all.begin(); at != all.end(); at += static_cast<std::ptrdiff_t>(width))
        rows.emplace_back(at, at + static_cast<std::ptrdiff_t>(width));
    return rows;
}

void append_genes(const space::Genotype& genotype, std::vector<double>& row) {
    row.insert(row.end(), genotype.genes.begin(), genotype.genes.end());
}

space::Genotype genes_from(const std::vector<double>& row, std::size_t first) {
    space::Genotype genotype;
    for (std::size_t i = first; i < row.size(); ++i) genotype.genes.push_back(static_cast<std::int8_t>(row[i]));
    return genotype;
}

}  // namespace atnas::app
