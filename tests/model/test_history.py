# SPDX-License-Identifier: GPL-3.0-or-later
"""
Random histories of purchases, refunds, settlements, passing time and crashes: the database and a
simple model come to the same figures (O4 to O11, U4, U8, V6 to V8, V14).
"""

import os
import pathlib
import secrets
import shutil
import tempfile

import pytest

from model.history import SAMPLE, History
from model.server import ClockedCluster
from support.daemon import Installation

OPERATIONS = int(os.environ.get("FARTHING_MODEL_OPERATIONS", 2_500))
SEEDS = [int(seed) for seed in os.environ.get("FARTHING_MODEL_SEED", "").split()] or [
    1, 2, secrets.randbelow(1_000_000)]


@pytest.fixture
def cluster():
    """Of its own for each history: its clock does not go back."""
    directory = pathlib.Path(tempfile.mkdtemp(prefix="farthing-model-"))
    cluster = ClockedCluster(directory / "cluster")
    try:
        Installation(cluster, directory)
        yield cluster
    finally:
        cluster.destroy()
        shutil.rmtree(directory)


@pytest.mark.parametrize("seed", SEEDS)
def test_database_and_model_agree(cluster, seed, capsys):
    """After each sample of operations every figure is the same, and the auditor finds nothing."""
    history = History(cluster, seed)
    try:
        history.run(OPERATIONS, int(os.environ.get("FARTHING_MODEL_SAMPLE", SAMPLE)))
    finally:
        with capsys.disabled():
            print("\n" + history.summary(), flush=True)
