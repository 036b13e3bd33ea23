// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// How well a network tells labelled images apart.

#include <cstdint>

#include "atnas/comm/communicator.hpp"
#include "atnas/data/image_list.hpp"
#include "atnas/engine/calibration.hpp"
#include "atnas/engine/predictor.hpp"

namespace atnas::engine {

struct ImageScore {
    std::int64_t images{0};
    std::int64_t right{0};  ///< whose most probable class is theirs; the first of equal ones
    double loss{0};         ///< mean cross-entropy; infinite where a probability was no number

    double accuracy() const noexcept { return static_cast<double>(right) / static_cast<double>(images); }
    /// The 95 % interval of the accuracy.
    Interval interval() const { return wilson_interval(right, images); }
};

/// Ranks share the images, \p batch at a time: the same on any number of ranks. Collective.
/// \pre there is an image; labels are less than the network's classes
ImageScore score(Predictor& network, const data::ImageList& images, int batch, const comm::Communicator& communicator);

}  // namespace atnas::engine
