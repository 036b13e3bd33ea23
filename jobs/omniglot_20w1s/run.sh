#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# jobs/omniglot_20w1s/run.sh [images_background.zip], see README.md here.
exec "$(dirname "${BASH_SOURCE[0]}")/../omniglot.sh" omniglot_20w1s "$@"
