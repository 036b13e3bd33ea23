// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/statistics.hpp"

namespace atnas::meta {

std::string_view name_of(Statistics statistics) noexcept {
    switch (statistics) {
        case Statistics::query:
            return "query";
        case Statistics::support:
            return "support";
        case Statistics::joint:
            return "joint";
        case Statistics::running:
            break;
    }
    return "running";
}

bool is_transductive(Statistics statistics) noexcept {
    return statistics == Statistics::query || statistics == Statistics::joint;
}

Statistics in_training(Statistics statistics) noexcept {
    return statistics == Statistics::running ? Statistics::joint : statistics;
}

}  // namespace atnas::meta
