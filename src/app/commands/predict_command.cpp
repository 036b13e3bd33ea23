// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/commands/predict_command.hpp"

#include <algorithm>
#include <iostream>
#include <iterator>
#include <utility>

#include <nlohmann/json.hpp>

#include "atnas/app/commands/option_setters.hpp"
#include "atnas/app/report/prediction_file.hpp"
#include "atnas/core/provenance.hpp"
#include "atnas/io/metrics.hpp"

namespace atnas::app {

OptionTable PredictCommand::table() {
    using namespace data;
    auto& images = options_.images;
    OptionTable table;
    table.summary = "what a network of `atnas adapt` or `atnas train` takes images for";
    table.positional = {"network.h5", "what `atnas adapt` or `atnas train` wrote", Need::required,
                        text_into(options_.network)};
    table.add(
        OptionGroup::input,
        {
            {"data", "PATH",
             "the images: a folder of any depth, an archive, one image, a data set (.h5), an IDX file, or a table of "
             "files "
             "and classes (.csv); required",
             text_into(options_.data)},
            {"labelled", "", "the images' folders are classes of the network: refuse others (judge, where all are)",
             flag_into(options_.labelled, Labelled::required)},
            {"resample", "area|lanczos", "how images are resized (area)",
             choice_into<Resample, Resample>(images.resample,
                                             {{"area", Resample::area}, {"lanczos", Resample::lanczos}})},
            {"invert", "", "swap dark and light, as the data that the network learned were imported",
             flag_into(images.invert, Invert::yes)},
            {"skip-bad", "", "leave out images that cannot be read instead of failing",
             flag_into(images.bad_images, BadImages::skip)},
        });
    table.add(OptionGroup::output,
              {
                  {"output,o", "PATH",
                   "the predictions: HDF5 where the name ends in .h5, else CSV (CSV to the standard output)",
                   text_into(options_.output)},
                  {"all", "", "a column of the CSV for every class, even if there are more than 20",
                   flag_into(options_.columns, ClassColumns::all)},
                  json_row(options_.json),
              });
    table.example = "atnas predict mine_net.h5 --data=photos/ -o answers.csv";
    table.deck_keys = DeckKeys::accepted;
    table.used_keys = keys_of_prediction();
    return table;
}

void PredictCommand::complete(std::vector<Assignment> keys, std::vector<Problem>& problems, const comm::Communicator&) {
    if (options_.data.empty())
        problems.push_back({"command line: --data is missing", "there is nothing to predict", "add --data=IMAGES"});
    std::ranges::move(keys, std::back_inserter(options_.overrides));
}

CommandFiles PredictCommand::files() const {
    return {given({{"--output", options_.output}, {"--json", options_.json}}),
            {{"the network", options_.network}, {"the images", options_.data, data::may_be_image}}};
}

ExitCode PredictCommand::run(const Invocation& invocation) {
    const comm::Communicator& communicator = invocation.communicator;
    const auto held = hold_outputs(*this, communicator);
    const Predictions predictions = predict(options_, communicator);
    on_root(communicator, [&] {
        if (options_.output.empty()) {
            write_csv(std::cout, predictions, options_.columns);
            std::cerr << text_of(predictions);
        } else {
            write_predictions(options_.output, predictions, options_.columns,
                              make_provenance(invocation.words, invocation.communicator.size()));
            std::cout << text_of(predictions);
        }
        if (!options_.json.empty()) io::write_json(options_.json, json_of(predictions));
    });
    return ExitCode::done;
}

}  // namespace atnas::app
