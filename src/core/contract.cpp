// SPDX-License-Identifier: Apache-2.0
#include "atnas/core/contract.hpp"

#include <cstdio>
#include <cstdlib>

namespace atnas {

void contract_broken(const char* kind, const char* condition, std::source_location where) noexcept {
    // No logger and no allocation: the program is in a state nobody planned for.
    std::fprintf(stderr, "%s:%u: %s: %s broken: %s\n", where.file_name(), static_cast<unsigned>(where.line()),
                 where.function_name(), kind, condition);
    std::fflush(stderr);
    std::abort();
}

}  // namespace atnas
