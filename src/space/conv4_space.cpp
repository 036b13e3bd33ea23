#include "atnas/space/conv4_space.hpp"

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
