// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// atnas devices: the GPUs that rank 0 sees.

#include <filesystem>

#include "atnas/app/commands/command.hpp"

namespace atnas::app {

struct DevicesOptions {
    std::filesystem::path json;  ///< empty = none
};

class DevicesCommand final : public Command {
  public:
    const DevicesOptions& options() const noexcept { return options_; }
    OptionTable table() override;
    CommandFiles files() const override;
    ExitCode run(const Invocation& invocation) override;

  private:
    DevicesOptions options_;
};

}  // namespace atnas::app
