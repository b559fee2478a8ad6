# SPDX-License-Identifier: GPL-3.0-or-later
"""Behind nginx, as deploy/nginx.conf.sample sets it up, through a Unix socket."""

import contextlib
import dataclasses
import signal
import subprocess

import pytest
import requests

from support.api import VendorApi, code_of
from support.daemon import Farthingd
from support.place import DEADLINE_S, SOURCE, free_port, wait_until
from support.web import Browser

NGINX_CONF = """
pid {directory}/pid;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    include {directory}/site.conf;
}}
"""


@pytest.fixture
def farthingd(installation, tmp_path):
    """Known by the URL of an nginx in front of it, without TLS."""
    port = free_port()
    socket = tmp_path / "http.socket"
    daemon = Farthingd(installation, "behind-nginx", **{
        "": {"public_url": f"http://127.0.0.1:{port}"}, "http": {"socket_file": str(socket)},
        "security": {"login_attempts": 3}})
    with contextlib.ExitStack() as ends:
        ends.callback(daemon.stop)
        daemon.url = f"http://127.0.0.1:{port}"
        ends.enter_context(run_nginx(tmp_path, port, socket))
        wait_until(lambda: is_up(daemon.url), "nginx and farthingd behind it answer")
        yield daemon


@contextlib.contextmanager
def run_nginx(directory, port, socket):
    """In one process, so that its worker is of the user who runs it and may open the socket."""
    site = (SOURCE / "deploy/nginx.conf.sample").read_text()
    for sample, here in (("443 ssl", f"127.0.0.1:{port}"), ("/run/farthing/http.socket;", f"{socket};"),
                         ("    ssl_certificate ", "    # "), ("    ssl_certificate_key ", "    # ")):
        assert sample in site
        site = site.replace(sample, here)
    (directory / "site.conf").write_text(site)
    (directory / "nginx.conf").write_text(NGINX_CONF.format(directory=directory))
    nginx = subprocess.Popen(["/usr/sbin/nginx", "-e", directory / "error.log", "-c",
                              directory / "nginx.conf", "-g", "daemon off; master_process off;"])
    try:
        yield
    finally:
        nginx.send_signal(signal.SIGTERM)
        nginx.wait(timeout=DEADLINE_S)


def is_up(url):
    try:
        return requests.get(url + "/health", timeout=5).status_code == 200
    except requests.ConnectionError:
        return False


def test_something_is_sold(farthingd, shop, user):
    """V3, B6, V6: the whole purchase."""
    browser = Browser(farthingd.url)
    browser.log_in(user)
    started = shop.api.initiate()
    assert started.BuyURL.startswith(farthingd.url)
    arrival = browser.buy(started.BuyURL)
    assert shop.api.lock(arrival.encrypted_user_id, shop.vendor.home_url + "items/1").Authorized


def test_who_guesses_locks_nobody_else_out(farthingd, shop):
    """V2: nginx says whose guess it is, whatever the guesser says."""
    def code(password, said):
        api = VendorApi(farthingd.url, dataclasses.replace(shop.vendor, password=password))
        api.transport.session.headers["X-Forwarded-For"] = said
        return code_of(api.initiate)

    assert [code(f"guess {n}", f"192.0.2.{n}") for n in range(5)] == (
        ["AUTHENTICATION_FAILED"] * 3 + ["RATE_LIMITED"] * 2)
    logged = [line for line in farthingd.log().splitlines() if "AUTHENTICATION_FAILED" in line]
    assert len(logged) == 3


def test_counters_are_not_public(farthingd):
    assert requests.get(farthingd.url + "/metrics", timeout=30).status_code == 404
