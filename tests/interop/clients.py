# SPDX-License-Identifier: GPL-3.0-or-later
"""
SOAP clients that others wrote, as a vendor would use them. Each is a program that reads where from
its environment, then calls on its standard input, one a line:

    {"operation": "InitiateTransaction", "parameters": {"VendorID": …}}

and answers each in a line, in its own idea of the types:

    {"answer": {"Message": …}}   {"fault": {"Code": …, "Message": …, "CorrelationID": …, "Retry": …}}

A parameter that is null is what the client's language calls nothing.
"""

import contextlib
import dataclasses
import decimal
import functools
import json
import os
import pathlib
import shutil
import subprocess
import threading

from support.place import BUILD, SOURCE

HERE = SOURCE / "tests/interop"
PLACE = BUILD / "interop"
DEADLINE_S = 300  # of one answer, the start of the program included
NAMESPACE = "urn:farthing:vendor:1"


def missing_packages():
    """Of deploy/packages-interop, those that this machine has by no name."""
    there = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status} ${Package} ${Provides}\n"],
        stdout=subprocess.PIPE, text=True, check=True).stdout
    names = {name.strip(",") for line in there.splitlines() if line.startswith("installed ")
             for name in line.split()}
    return sorted(set((SOURCE / "deploy/packages-interop").read_text().split()) - names)


def run(*command, **options):
    """A step of preparing a client; a failure shows all that it said."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=1200, **options)
    assert done.returncode == 0, f"{command}:\n{done.stdout[-6000:]}"


def script(*interpreter):
    """Makes the client's command: nothing has to be built."""
    return lambda name, _endpoint, _version: [*interpreter, HERE / name]


def copy(folder, name):
    """To a place where more may be written; what npm installed there before stays."""
    place = PLACE / name
    place.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        shutil.copyfile(path, place / path.name)
    return place


@functools.cache
def npm(folder, name):
    """A copy of the folder, with the packages that its package-lock.json names."""
    place = copy(folder, name)
    run("npm", "ci", "--no-audit", "--no-fund", "--prefer-offline", cwd=place)
    return place


def node(name, _endpoint, _version):
    return ["node", npm(HERE / "node", "node") / name]


def fresh(name):
    place = PLACE / name
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    return place


JAVA = pathlib.Path("/usr/share/java")


def java(source, jars, generate):
    """Generates stubs into a place, by a function of (place, class path), and compiles all."""
    def command(name, endpoint, version):
        place = fresh(f"{name}-{version}")
        class_path = ":".join(str(JAVA / f"{jar}.jar") for jar in jars)
        generate(place, class_path, endpoint, version)
        run("javac", "-nowarn", "-encoding", "UTF-8", "-cp", class_path, "-d", place, HERE / source,
            *place.rglob("*.java"))
        return ["java", "-Dfile.encoding=UTF-8", "-cp", f"{class_path}:{place}", name]
    return command


def wsimport(place, _class_path, endpoint, version):
    # SOAP 1.2 is an extension to JAX-WS. Without wrapping, an operation has one parameter.
    binding = SOURCE / "deploy/samples/java/binding.xml"
    run("wsimport", "-extension", "-Xnocompile", "-b", binding, "-p", "farthing", "-d", place,
        "-s", place, endpoint + ("?wsdl12" if version == "1.2" else "?wsdl"))


def wsdl2java(place, class_path, endpoint, _version):
    run("java", "-cp", class_path, "org.apache.axis.wsdl.WSDL2Java", "--noWrapped",
        "--package", "farthing", "--output", place, endpoint + "?wsdl")


def mono(name, endpoint, version):
    place = fresh(f"{name}-{version}")
    run("wsdl", "/protocol:SOAP12" if version == "1.2" else "/protocol:SOAP",
        f"/out:{place}/Vendor.cs", endpoint + ("?wsdl12" if version == "1.2" else "?wsdl"))
    run("mcs", f"-out:{place}/{name}.exe", "-r:System.Web.Services", "-r:System.Web.Extensions",
        HERE / f"{name}.cs", place / "Vendor.cs")
    return ["mono", place / f"{name}.exe"]


def gsoap(name, endpoint, version):
    place = fresh(f"{name}-{version}")
    run("wsdl2h", "-c", "-e", "-x", "-L", "-o", place / "vendor.h", endpoint + "?wsdl")
    run("soapcpp2", "-C", "-c", "-L", "-x", "-w", "-s", "-2" if version == "1.2" else "-1",
        "-I/usr/share/gsoap/import", "vendor.h", cwd=place)
    run("gcc", "-std=gnu11", "-w", "-I", place, "-I/usr/include/libxml2", "-o", place / name,
        HERE / f"{name}.c", place / "soapC.c", place / "soapClient.c", "-lgsoap", "-ljansson", "-lxml2")
    return [place / name]


@dataclasses.dataclass
class Client:
    name: str
    program: str
    command: object  # of (program, endpoint, version)
    versions: dict = dataclasses.field(default_factory=lambda: {"1.1": None, "1.2": None})
    limits: dict = dataclasses.field(default_factory=dict)  # {column of the table: reason}
    environment: dict = dataclasses.field(default_factory=dict)

    def unable(self, version):
        """Why it cannot speak this version of SOAP, or None."""
        return self.versions[version]


def only_11(reason):
    return {"1.1": None, "1.2": reason}


class Conversation:
    """The client's program while it runs."""

    def __init__(self, client, version, endpoint, vendor):
        self.version = version
        self.vendor = vendor
        self.limits = client.limits
        self.log = PLACE / f"{client.program}-{version}.log"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        command = client.command(client.program, endpoint, version)
        environment = os.environ | client.environment | {
            "FARTHING_ENDPOINT": endpoint, "SOAP_VERSION": version, "LC_ALL": "C.UTF-8"}
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=log, text=True, encoding="utf-8")

    def call(self, operation, **parameters):
        """
        Its answer or fault, whichever came: ("answer", {…}) or ("fault", {…}). Called for its
        vendor, if not for another.
        """
        parameters = {"VendorID": self.vendor.vendor_id, "VendorPassword": self.vendor.password,
                      **parameters}
        timer = threading.Timer(DEADLINE_S, self.process.kill)
        timer.start()
        try:
            self.process.stdin.write(
                json.dumps({"operation": operation, "parameters": parameters}) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        finally:
            timer.cancel()
        assert line, f"no answer; its last words: {self.log.read_text()[-3000:]}"
        (kind, said), = json.loads(line, parse_float=decimal.Decimal).items()
        return kind, said

    def answer(self, operation, **parameters):
        kind, said = self.call(operation, **parameters)
        assert kind == "answer", said
        return said

    def fault(self, operation, **parameters):
        kind, said = self.call(operation, **parameters)
        assert kind == "fault", said
        return said

    def end(self):
        with contextlib.suppress(BrokenPipeError):  # it has ended by itself
            self.process.stdin.close()
        self.process.stdout.close()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


JAXWS_JARS = ["gson", "jaxws-ri-runtime", "jaxws-rt", "jaxws-api", "jaxb-api", "jaxb-runtime",
              "jaxb-core", "saaj", "javax.activation"]
AXIS_JARS = ["gson", "axis", "jaxrpc", "axis-saaj", "wsdl4j", "commons-logging",
             "commons-discovery", "javax.activation", "javax.mail"]
PYTHON = script("/usr/bin/python3")
CLIENTS = [
    Client("zeep", "zeep_client.py", PYTHON),
    Client("suds", "suds_client.py", PYTHON, only_11("has no SOAP 1.2")),
    Client("php-soap", "soap_client.php", script("php")),
    Client("SOAP::Lite", "soap_lite_client.pl", script("perl")),
    Client("npm soap", "soap.mjs", node),
    Client("npm strong-soap", "strong-soap.mjs", node),
    Client("soap4r", "soap4r_client.rb", script("ruby"), only_11("has no SOAP 1.2")),
    Client("JAX-WS RI", "JaxWsClient", java("JaxWsClient.java", JAXWS_JARS, wsimport)),
    Client("Axis 1.4", "AxisClient", java("AxisClient.java", AXIS_JARS, wsdl2java),
           only_11("reads no WSDL that has a SOAP 1.2 binding"),
           {"emoji": "no: writes them as two surrogates, which XML forbids"}),
    Client("Mono", "MonoClient", mono),
    Client("gSOAP C", "gsoap_client", gsoap),
    Client("curl", "curl_client.py", PYTHON, environment={"CURL_OPTIONS": ""}),
    Client("curl, chunked", "curl_client.py", PYTHON,
           environment={"CURL_OPTIONS": "--header\nTransfer-Encoding: chunked"}),
]
