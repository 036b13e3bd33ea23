// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// atnas import: images -> one HDF5 data set. Rank 0 works, the outcome is everybody's.

#include <filesystem>
#include <string>
#include <vector>

#include "atnas/app/commands/command.hpp"
#include "atnas/data/import_images.hpp"

namespace atnas::app {

struct ImportRequest {
    std::filesystem::path source;  ///< archive or folder; with idx_images their labels; empty with a list
    std::filesystem::path idx_images;
    std::vector<std::string> class_names;  ///< of labels in IDX files; empty = their numbers
    std::filesystem::path list;            ///< CSV
    std::filesystem::path output;
    /// Size and channels are 0 where they were not given and are those of IDX files.
    data::ImportOptions options{.height = 0, .width = 0, .channels = 0};
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
