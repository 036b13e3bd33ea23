// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/conv4/conv4_space.hpp"

#include "atnas/core/contract.hpp"
#include "atnas/core/error.hpp"

namespace atnas::space {

Genotype Conv4Space::sample(RandomStream&) const {
    return {};
}

Genotype Conv4Space::mutate(const Genotype& genotype, double, RandomStream&) const {
    ATNAS_EXPECT(is_legal(genotype));
    return genotype;
}

void Conv4Space::build(const Genotype& genotype, NetworkBuilder& builder) const {
    ATNAS_EXPECT(is_legal(genotype));
    ValueId x = 0;
    for (int i = 0; i < 4; ++i) {
        const std::string name = "block" + std::to_string(i);
        x = builder.convolution(x, options_.channels, {.kernel = {3, 3}, .pad = {1, 1}}, name + "/conv",
                                options_.conv4.bias);
        x = builder.norm(x, NormAffine::yes, name + "/norm", NormRelu::yes);
        x = builder.pool(x, {PoolKind::max, {2, 2}, {2, 2}});
    }
    builder.flatten(x);
}

std::string Conv4Space::to_text(const Genotype& genotype) const {
    ATNAS_EXPECT(is_legal(genotype));
    return name();
}

Genotype Conv4Space::from_text(const std::string& text) const {
    if (text != name()) {
        throw Error(ExitCode::bad_deck, Problem{"encode '" + text + "' is not in the conv4 space",
                                                "that space has one network and no genes", "write 'conv4'"});
    }
    return {};
}

}  // namespace atnas::space
