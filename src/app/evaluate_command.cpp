#include "atnas/app/commands.hpp"

namespace atnas::app {

ExitCode run_evaluate(const CommandLine&, const comm::Communicator&) {
    throw Error(ExitCode::failed, {"atnas evaluate", "not built yet", ""});
}

}  // namespace atnas::app
