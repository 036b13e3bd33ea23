// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/space_key.hpp"

namespace atnas::space {

SpaceKey channels_key(std::string meaning) {
    return {"channels", "channels", std::move(meaning),
            SpaceKey::Integer{[](NetworkOptions& options) -> int& { return options.channels; }, 1, widest}};
}

}  // namespace atnas::space
