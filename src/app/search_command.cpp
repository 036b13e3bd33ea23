#include "atnas/app/commands.hpp"

namespace atnas::app {

ExitCode run_search(const CommandLine&, const comm::Communicator&) {
    throw Error(ExitCode::failed, {"atnas search", "not built yet", ""});
}

}  // namespace atnas::app
