#include "atnas/backend/factories.hpp"
#include "atnas/core/error.hpp"

namespace atnas::backend {

std::unique_ptr<Backend> make_cuda_backend() {
    throw Error(ExitCode::bad_deck, Problem{"backend 'cuda' cannot be used",
                                            "this program was built without it; compiled in are onednn and reference",
                                            "choose backend 'auto', 'onednn' or 'reference'"});
}

}  // namespace atnas::backend
