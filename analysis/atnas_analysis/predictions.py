# SPDX-License-Identifier: Apache-2.0
"""What ``atnas predict -o NAME.h5`` writes."""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd

from .frame import documented
from .stored_file import StoredFile

IMAGES = {
    "file": "path below the folder, or the number in the data set",
    "label": "the most probable class",
    "class": "its name",
    "probability": "of that class, 0 to 1",
    "entropy": "- sum p ln p: 0 = sure, ln(classes) = no idea",
    "truth": "where labels are known: the true class",
}


class Predictions(StoredFile):
    """What networks take images for."""

    KIND, VERSION, TITLE = "atnas-predictions", 1, "predictions"

    @property
    def classes(self) -> list[str]:
        return list(self.array("/classes/names"))

    @property
    def probabilities(self) -> np.ndarray:
        """[images, classes]; rows sum up to 1."""
        return self.array("/probabilities")

    @property
    def figures(self) -> dict[str, float]:
        """``accuracy`` with its interval and ``calibration_error``, where all images have labels."""
        names = ("accuracy", "accuracy_low", "accuracy_high", "calibration_error")
        return {name: value for name, value in self.attributes().items() if name in names}

    @functools.cached_property
    def images(self) -> pd.DataFrame:
        """One row per image, in the order of the source."""
        labels, classes = self.array("/images/label"), np.array(self.classes, dtype=object)
        if len(labels) and not 0 <= labels.min() <= labels.max() < len(classes):
            raise self.damaged("/images/label holds labels of no class")
        probabilities = self.probabilities
        columns = {"file": self.array("/images/names"), "label": labels, "class": classes[labels],
                   "probability": probabilities[np.arange(len(labels)), labels], "entropy": self.array("/images/entropy")}
        if self.has("/images/truth"):
            columns["truth"] = self.array("/images/truth")
        return documented(columns, IMAGES, str(self.path))
