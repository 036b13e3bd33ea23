# SPDX-License-Identifier: Apache-2.0
"""Intervals of the mean of a few values, for the tables of jobs. Needs no more than Python."""

import math
import statistics

# 97.5 % quantiles of Student's t by degrees of freedom, from 1 on.
QUANTILES = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
             2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042)


def half_width(values):
    """Half of the 95 % interval of the mean of at least two values; of more than 31 that of 31, which is a little wide."""
    freedom = min(len(values) - 1, len(QUANTILES))
    return QUANTILES[freedom - 1] * statistics.stdev(values) / math.sqrt(len(values))
