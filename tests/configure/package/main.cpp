// SPDX-License-Identifier: Apache-2.0
// Counts the parameters and multiply-accumulates of an encode: count_macs ENCODE CHANNELS
#include <cstdio>
#include <cstdlib>

#include <atnas/core/error.hpp>
#include <atnas/space/cost_model.hpp>

int main(int argc, char** argv) try {
    if (argc != 3) return 2;
    const atnas::space::NetworkOptions options{.channels = std::atoi(argv[2])};
    const auto genotype = atnas::space::make_search_space(options)->from_text(argv[1]);
    const atnas::space::Cost cost = atnas::space::CostModel(options).subnet(genotype);
    std::printf("%lld parameters, %lld MACs\n", static_cast<long long>(cost.parameters),
                static_cast<long long>(cost.macs));
    return 0;
} catch (const atnas::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return static_cast<int>(error.code());
}
