// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// atnas import: images in an archive or folder tree -> one HDF5 data set. Rank 0 works, the outcome is everybody's.

#include <filesystem>

#include "atnas/app/commands/command.hpp"
#include "atnas/data/import_images.hpp"

namespace atnas::app {

struct ImportRequest {
    std::filesystem::path source;
    std::filesystem::path output;
    data::ImportOptions options{};
    std::filesystem::path json;  ///< empty = none
};

class ImportCommand final : public Command {
  public:
    const ImportRequest& request() const noexcept { return request_; }
    OptionTable table() override;
    void complete(std::vector<Assignment> keys, std::vector<Problem>& problems,
                  const comm::Communicator& communicator) override;
    CommandFiles files() const override;
    ExitCode run(const Invocation& invocation) override;

  private:
    ImportRequest request_;
};

}  // namespace atnas::app
