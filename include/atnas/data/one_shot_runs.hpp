// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Tasks that somebody has put together, as the one-shot challenge of Omniglot hands them out (Lake, Salakhutdinov,
/// Tenenbaum, "Human-level concept learning through probabilistic program induction", Science 350, 2015).

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "atnas/core/digest.hpp"
#include "atnas/data/import_images.hpp"
#include "atnas/data/task.hpp"

namespace atnas::data {

/// One image of each class to learn from, and others that show some of these classes.
struct OneShotRun {
    std::string name;  ///< of its folder, with its path
    Task task;         ///< classes in the order of their files' names; at least two, and one query
};

/// Reads an archive (see ArchiveReader) or a folder in which every run is a folder RUN, whatever it is called:
///
///     RUN/training/CLASS.png   one image for each class
///     RUN/test/ITEM.png        images to tell the class of, any number
///     RUN/class_labels.txt     for each of them a line "RUN/test/ITEM.png RUN/training/CLASS.png", paths from the
///                              folder that holds RUN, or inside the archive
///
/// Runs may have different numbers of classes and items. Images become what an import with these options makes of them,
/// runs and items are ordered by name. Throws Error(bad_data), with a line for each: source missing, damaged or without
/// a run, images that cannot be read or are elsewhere, runs without classes, items or labels, labels that name no image
/// of their run, items with no label or with two.
std::vector<OneShotRun> read_one_shot_runs(const std::filesystem::path& source, const ImportOptions& options);

/// Of images and labels, not of names.
Digest digest_of(std::span<const OneShotRun> runs) noexcept;

}  // namespace atnas::data
