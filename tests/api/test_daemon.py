# SPDX-License-Identifier: GPL-3.0-or-later
"""farthingd as its operator sees it."""

import json
import subprocess

import pytest
import requests

from support.daemon import Installation
from support.place import free_port, program


def test_health(farthingd):
    answer = requests.get(farthingd.url + "/health", timeout=30)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]


def test_metrics_count_what_happened(farthingd, shop, browser):
    """Requests, durations, batch sizes, queue lengths, pool use, outcomes by code."""
    before = farthingd.metrics()
    browser.buy(shop.api.initiate().BuyURL)
    grown = {name for name, value in farthingd.metrics().items() if value > before.get(name, 0)}
    assert any("InitiateTransaction" in name and "OK" in name for name in grown), grown
    for word in ("duration", "batch"):
        assert any(word in name for name in grown), (word, grown)
    everything = " ".join(farthingd.metrics())
    for word in ("queue", "pool"):
        assert word in everything
    typed = requests.get(farthingd.url + "/metrics", timeout=30)
    assert typed.headers["Content-Type"].startswith("text/plain")
    assert "# HELP" in typed.text and "# TYPE" in typed.text


def test_log_is_json_without_secrets(farthingd, shop, browser, user):
    """One object a line; never a password, a token or a personal datum."""
    arrival = browser.buy(shop.api.initiate(OptionalData="private-data").BuyURL)
    text = farthingd.log()
    lines = [json.loads(line) for line in text.splitlines()]
    assert any(line.get("operation") == "InitiateTransaction" for line in lines)
    for secret in (user.password, user.login_name, arrival.encrypted_user_id, "private-data",
                   browser.session.cookies["farthing_login"]):
        assert secret not in text


def test_sigterm_ends_well(start_farthingd):
    daemon = start_farthingd()
    daemon.terminate()
    assert daemon.wait() == 0


def start_refused(installation, settings, deadline_s=30):
    """Runs farthingd with a configuration that it must refuse; what it says."""
    path = installation.directory / "refused.conf"
    path.write_text(settings if isinstance(settings, str) else Installation.render(settings))
    done = subprocess.run([program("farthingd"), "-c", path, "-d", installation.data_directory],
                          timeout=deadline_s, stderr=subprocess.PIPE, text=True)
    assert done.returncode not in (0, -6, -11)
    assert done.stderr, "refused without a reason"
    return done.stderr


@pytest.mark.parametrize("text, line", [
    ("http {\n  port = 70000\n}\n", 2),
    ("http {\n  prot = 80\n}\n", 2),
    ("http {\n  socket_file = \"http.socket\"\n}\n", 2),
    ("log_level = loud\n", 1),
    ("\n\npublic_url = \"ftp://x\"\n", 3),
    ("provider {\n  sign_up_bonus = \"1e3\"\n}\n", 2),
    ("provider {\n\n  currency = \"EURO\"\n}\n", 3),
    ("workers {\n  threads = many\n}\n", 2),
])
def test_wrong_configuration_is_refused(installation, text, line):
    """The error names file and line."""
    assert f"refused.conf:{line}: " in start_refused(installation, text)


def test_configuration_that_is_not_there(installation):
    done = subprocess.run([program("farthingd"), "-c", installation.directory / "none.conf"],
                          timeout=30, stderr=subprocess.PIPE, text=True)
    assert done.returncode != 0
    assert "none.conf" in done.stderr


def test_missing_master_key_is_refused(installation):
    settings = installation.settings(free_port(), keys={"master_key_file": "/nonexistent.key"})
    assert "/nonexistent.key" in start_refused(installation, settings)


def test_readable_master_key_is_refused(installation):
    """A key that others may read is no key."""
    path = installation.directory / "open.key"
    path.write_bytes(installation.key_file.read_bytes())
    path.chmod(0o644)
    settings = installation.settings(free_port(), keys={"master_key_file": str(path)})
    assert "open.key" in start_refused(installation, settings)


def test_other_master_key_is_refused(installation):
    """The keys in the database are sealed with another."""
    path = installation.directory / "other.key"
    installation.run("key", "create", path)
    settings = installation.settings(free_port(), keys={"master_key_file": str(path)})
    assert start_refused(installation, settings)


def test_database_of_another_version_is_refused(installation):
    """Nothing is guessed about a schema that this program does not know."""
    cluster = installation.cluster
    cluster.query_alone("CREATE DATABASE empty")
    settings = installation.settings(
        free_port(), database={"conninfo": cluster.conninfo_as("farthing_daemon", "empty")})
    assert start_refused(installation, settings)


def test_port_that_is_taken_is_refused(installation, farthingd):
    assert start_refused(installation, installation.settings(farthingd.port))
