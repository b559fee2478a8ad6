# SPDX-License-Identifier: GPL-3.0-or-later
"""Values off their facet, and values that are programs elsewhere: SQL, headers, HTML (V1, V2, S2)."""

import pytest
from lxml import etree

from attack.soap import Caller, element, envelope

ABSENT = ""
OK = ""
ONCE = "a parameter of this operation, and given once."
PRICE = "a decimal greater than 0 and at most 1000000, with at most 6 fraction digits"
TIME = "a date and time after 1970 with a zone"
COUNT = "a whole number from 1 to 2147483647"
WHOLE = "an http or https URL"
PLAIN = "a URL without spaces, backslashes and fragment"
DOTS = "a URL without encoded dot segments and control characters"
HOST = "a URL whose host is of letters, digits, dots and hyphens"

# parameter, content, what the fault says of it ("": nothing, the call is as it should be)
VALUES = [
    ("Price", " 0.25 ", OK), ("Price", "0.25 0.30", PRICE), ("Price", "--1", PRICE),
    ("Price", "0,25", PRICE), ("Price", "1_000", PRICE), ("Price", "٣", PRICE),
    ("Price", "0.25&#10;", OK), ("Price", "0.25&#x200B;", PRICE), ("Price", "-0", PRICE),
    ("Price", "0." + "0" * 5000 + "1", PRICE), ("Price", "0" * 5000 + "1", PRICE),
    ("Price", "9223372036854775808", PRICE), ("Price", "18446744073709551617", PRICE),
    ("Price", "<v:a>1</v:a>", PRICE), ("Price", "<!-- 1 -->0.25", OK),
    ("IsPost", "TRUE", "true or false"), ("IsPost", "yes", "true or false"),
    ("IsPost", "01", OK), ("IsPost", "truetrue", "true or false"),
    ("NumberOfTimesToView", "2147483648", COUNT), ("NumberOfTimesToView", "4294967297", COUNT),
    ("NumberOfTimesToView", "18446744073709551617", COUNT), ("NumberOfTimesToView", "0x7", COUNT),
    ("NumberOfTimesToView", "1e3", COUNT), ("NumberOfTimesToView", "7;", COUNT),
    ("NumberOfDaysToView", "2147483647", OK), ("NumberOfHoursToView", "2147483647", OK),
    ("AbsoluteExpTime", "1969-12-31T23:59:59Z", TIME), ("AbsoluteExpTime", "0000-01-01T00:00:00Z", TIME),
    ("AbsoluteExpTime", "-2031-01-01T00:00:00Z", TIME), ("AbsoluteExpTime", "12031-01-01T00:00:00Z", TIME),
    ("AbsoluteExpTime", "2031-13-01T00:00:00Z", TIME), ("AbsoluteExpTime", "2031-01-01T24:00:00Z", TIME),
    ("AbsoluteExpTime", "2031-01-01T23:59:60Z", TIME), ("AbsoluteExpTime", "2031-01-01T00:00:00+15:00", TIME),
    ("AbsoluteExpTime", "2031-01-01 00:00:00Z", TIME), ("AbsoluteExpTime", "1924992000", TIME),
    ("AbsoluteExpTime", "2031-01-01T00:00:00z", TIME), ("AbsoluteExpTime", "infinity", TIME),
    ("VendorID", "٣", "AUTHENTICATION_FAILED"), ("VendorID", " 1001", "AUTHENTICATION_FAILED"),
    ("VendorID", "01001", "AUTHENTICATION_FAILED"), ("VendorID", "1001.0", "AUTHENTICATION_FAILED"),
    ("VendorID", "4294968297", "AUTHENTICATION_FAILED"), ("VendorID", "+1001", "AUTHENTICATION_FAILED"),
    # URLs: what a browser, a server and we could read differently, or what would leave its place.
    ("ContentURL", "http://localhost:9/a&#13;&#10;Set-Cookie: a=b", WHOLE),
    ("ContentURL", "http://localhost:9/a&#10;b", WHOLE), ("ContentURL", "http://localhost:9/a b", PLAIN),
    ("ContentURL", "http://localhost:9/a&#9;b", PLAIN), ("ContentURL", "http://localhost:9/#a", PLAIN),
    ("ContentURL", "http://localhost:9/a%0d%0aSet-Cookie:%20a=b", DOTS),
    ("ContentURL", "http://localhost:9/a%00b", DOTS), ("ContentURL", "http://localhost:9/%2e%2e/b", DOTS),
    ("ContentURL", "http://localhost:9/a?b=%0d%0aSet-Cookie:c", OK),
    ("ContentURL", "http://localhost:9\\@evil.example/", PLAIN),
    ("ContentURL", "http://localhost:9@evil.example/", "a URL without user"),
    ("ContentURL", "http://localhost:9.evil.example/", WHOLE), ("ContentURL", "http://localhost:99999/", WHOLE),
    ("ContentURL", "http://localhost:9;script-src/", WHOLE), ("ContentURL", "http://a;sandbox/", WHOLE),
    ("ContentURL", "http://a%20b/", WHOLE), ("ContentURL", "http://l\u00f6calhost/", HOST),
    ("ContentURL", "http://a'b/", WHOLE), ("ContentURL", "http://*/", WHOLE),
    ("ContentURL", "http://a%%b/", HOST),
    ("ContentURL", "http:/localhost:9/", WHOLE), ("ContentURL", "http:///localhost:9/", WHOLE),
    ("ContentURL", "//localhost:9/", WHOLE), ("ContentURL", "data:text/html,a", WHOLE),
    ("ContentURL", "file:///etc/passwd", WHOLE), ("ContentURL", "JavaScript://localhost:9/%0aalert(1)", WHOLE),
    ("ContentURL", " http://localhost:9/", WHOLE), ("ContentURL", "view-source:http://localhost:9/", WHOLE),
    ("ContentURL", "http://[::1/", WHOLE), ("ContentURL", "http://[fe80::1%25eth0]/", "a URL with a host"),
    ("ContentURL", "HTTP://LOCALHOST:9/", OK), ("ContentURL", "http://localhost:9/'\"&lt;script&gt;", OK),
]

# Shapes: the element itself, instead of its content.
SHAPES = [
    ("ContentTitle", element("ContentTitle", "a") * 2, "ContentTitle must be " + ONCE),
    ("Price", element("Price", "1") + element("Price", "2"), "Price must be " + ONCE),
    ("VendorID", element("VendorID", "1001") * 3, "VendorID must be " + ONCE),
    ("IsPost", ABSENT, "IsPost must be given once."),
    ("Price", element("Price", "1", ' xsi:type="xsd:double"'), "Price must be a decimal"),
    ("Price", element("Price", "MQ==", ' xsi:type="xsd:base64Binary"'), "Price must be a decimal"),
    ("Price", element("Price", "", ' xsi:nil="true"'), "Price must be a decimal"),
    ("ContentTitle", element("ContentTitle", "", ' xsi:nil="true"'), "ContentTitle must be given once."),
    ("ContentTitle", element("ContentTitle", "a", ' xsi:type="xsd:string"'), OK),
    ("ContentTitle", element("ContentTitle", "a", ' xsi:type="v:Title"'), OK),
    ("ContentTitle", element("ContentTitle", "a", ' xsi:type="nobody:knows"'), "ContentTitle must be 1 to 200"),
    ("ContentTitle", element("ContentTitle", "a", ' href="#1"'), OK),
    ("ContentTitle", '<v:ContentTitle href="#1"/>', "ContentTitle must be 1 to 200 characters; it was \"\"."),
    ("ContentTitle", "<ContentTitle>a</ContentTitle>", "ContentTitle must be " + ONCE),
    ("ContentTitle", '<v:ContentTitle xmlns:v="urn:x">a</v:ContentTitle>', "ContentTitle must be " + ONCE),
    ("ContentTitle", element("contenttitle", "a"), "contenttitle must be " + ONCE),
    ("ContentTitle", element("Surprise", "a") + element("ContentTitle", "a"), "Surprise must be " + ONCE),
    ("ContentTitle", element("ContentTitle", "a") + "text", "Request must be elements as the WSDL says"),
]

SQL = ["'; DROP TABLE purchase.sales; --", "1001 OR 1=1", "' OR '1'='1", "$$; SELECT pg_sleep(60); --",
       "\\'; SELECT pg_terminate_backend(pid) FROM pg_stat_activity; --", "{1,2}", "NULL", "%s%n%x"]
HTML = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}${7*7}"

TEXTS = ["ContentTitle", "VendorContentID", "IncentiveIDs", "ShortDescription", "OptionalData",
         "RequestID"]
COLUMNS = {"ContentTitle": "title", "VendorContentID": "vendor_content_id",
           "IncentiveIDs": "incentive_ids", "ShortDescription": "description"}


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


@pytest.fixture(scope="module")
def caller(farthingd, vendor):
    return Caller(farthingd, vendor)


def expect(answer, parameter, sentence):
    if sentence == OK:
        assert (answer.status, answer.code) == (200, "OK"), answer.sentence
    elif sentence.isupper():
        assert answer.code == sentence
    else:
        assert answer.code == "INVALID_PARAMETER"
        assert answer.sentence.startswith(sentence if " must be " in sentence
                                          else f"{parameter} must be {sentence}")


@pytest.mark.parametrize("parameter, content, sentence", VALUES,
                         ids=lambda value: ascii(value)[1:31])
def test_value(caller, parameter, content, sentence):
    call = caller.call(**{parameter: element(parameter, content)})
    answer = caller.send(envelope(call))
    expect(answer, parameter, sentence)
    if sentence and not sentence.isupper():
        assert quotes(answer.sentence, content), answer.sentence


def quotes(sentence, content):
    """The value as it came, cut; but not where a password could be in it."""
    value = etree.fromstring(f"<a xmlns:v='urn:x'>{content}</a>").text or ""
    if "@" in value:
        return "; it was " not in sentence
    if "http" not in value.lower():
        value = value.strip()
    cut = value[:64]
    if cut.isprintable() and not set(cut) & set('<>"\\'):
        return sentence.endswith(f'; it was "{cut}{"…" * (len(value) > 64)}".')
    return "; it was " in sentence and cut not in sentence


@pytest.mark.parametrize("parameter, shape, sentence", SHAPES, ids=lambda value: ascii(value)[1:31])
def test_shape(caller, parameter, shape, sentence):
    expect(caller.send(envelope(caller.call(**{parameter: shape}))), parameter, sentence)


@pytest.mark.parametrize("text", SQL)
@pytest.mark.parametrize("parameter", TEXTS)
def test_sql_is_text(caller, installation, parameter, text):
    """And is kept as it came."""
    before = installation.query("SELECT count(*) FROM purchase.sales")
    request = {parameter: element(parameter, escape(text))}
    expect(caller.send(envelope(caller.call(**request))), parameter, OK)
    column = COLUMNS.get(parameter)
    if column:
        assert installation.query(f"SELECT count(*) > 0 FROM purchase.offers WHERE {column} = %s",
                                  (text,)) == [(True,)]
    assert installation.query("SELECT count(*) FROM purchase.sales") == before


@pytest.mark.parametrize("text", SQL[:5])
@pytest.mark.parametrize("operation, parameter, outcome", [
    ("InitiateTransaction", "VendorID", "AUTHENTICATION_FAILED"),
    ("InitiateTransaction", "VendorPassword", "AUTHENTICATION_FAILED"),
    ("InitiateTransaction", "Price", PRICE), ("InitiateTransaction", "AbsoluteExpTime", TIME),
    ("InitiateTransaction", "NumberOfTimesToView", COUNT),
    ("InitiateTransaction", "ContentURL", WHOLE),
    ("Lock_Content", "VendorID", "AUTHENTICATION_FAILED"),
    ("Lock_Content", "VendorPassword", "AUTHENTICATION_FAILED"),
    ("Lock_Content", "EncryptedUserID", OK), ("Lock_Content", "RequestID", OK)])
def test_sql_opens_nothing(caller, operation, parameter, outcome, text):
    call = caller.call(operation, **{parameter: element(parameter, escape(text))})
    answer = caller.send(envelope(call))
    if operation == "Lock_Content" and outcome == OK:
        assert "ID_INVALID" in answer.text
    expect(answer, parameter, outcome)


@pytest.mark.parametrize("parameter", ["VendorID", "VendorPassword", "Price", "ContentURL", "IsPost"])
def test_fault_repeats_no_markup(caller, parameter):
    """Whoever shows a fault's sentence shows no page of an attacker's."""
    call = caller.call(**{parameter: element(parameter, escape(HTML))})
    answer = caller.send(envelope(call))
    assert answer.code in ("INVALID_PARAMETER", "AUTHENTICATION_FAILED")
    assert "<script>" not in answer.text and "<" not in answer.sentence


@pytest.mark.parametrize("operation, parameter", [
    ("InitiateTransaction", "EncryptedUserID"), ("Lock_Content", "Price"),
    ("Lock_Content", "ContentTitle")])
def test_parameter_of_another_operation(caller, operation, parameter):
    call = caller.call(operation, **{parameter: element(parameter, "1")})
    expect(caller.send(envelope(call)), parameter, ONCE)


@pytest.mark.parametrize("operation, parameter, content", [
    ("InitiateTransaction", "VendorPassword", "hush" * 40),
    ("InitiateTransaction", "VendorPassword", "hush<v:a/>"),
    ("Lock_Content", "EncryptedUserID", "hush<v:a/>"),
    ("ChangePassword", "NewPassword", "hush"), ("ChangePassword", "NewPassword", "hush" * 40)],
    ids=lambda value: value[:15])
def test_secret_is_not_repeated(caller, operation, parameter, content):
    answer = caller.send(envelope(caller.call(operation, **{parameter: element(parameter, content)})))
    assert answer.code == "INVALID_PARAMETER" and answer.sentence.startswith(parameter)
    assert "hush" not in answer.text
