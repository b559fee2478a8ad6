# SPDX-License-Identifier: GPL-3.0-or-later
"""XML that is none, or more than it seems: the answer is a fault that says which rule it broke."""

import gzip

import pytest

from attack.soap import MEDIA, Caller, element, envelope
from support.api import ENVELOPES, NAMESPACE

NOT_TEXT = "The request has bytes that are not UTF-8"
NOT_XML = "The request is not well-formed XML."
NO_DTD = "The request has a document type declaration"
NO_ENTITY = "The request refers to an entity that XML does not define."
NO_CHARACTER = "The request refers to a character that XML forbids."
NO_ENCODING = "The request declares an encoding other than UTF-8."
IN_UTF_8 = "The request must be in UTF-8."
XML = "Request must be well-formed XML."
SOAP = "Request must be a SOAP envelope with an operation in its body."
WSDL = "Request must be elements as the WSDL says, without text between."
ODD = "An element must be a parameter of this operation, and given once"
UNKNOWN = "An element must be an operation of this service; it was \"aaaa"
OK = ""

CALL = "@CALL@"     # stands for a call that is as it should be
TITLE = "@TITLE@"   # the same, with this title
WHOLE = envelope(CALL)
TITLED = envelope(TITLE)


def bomb(declarations):
    return f"<!DOCTYPE e [{declarations}]>" + TITLED


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))

# name: message, title, what the fault says
CASES = {
    "as-it-should-be": (WHOLE, "", OK),
    # Document types and entities.
    "dtd-empty": ("<!DOCTYPE e>" + WHOLE, "", NO_DTD),
    "dtd-internal": (bomb("<!ELEMENT e ANY>"), "", NO_DTD),
    "dtd-external": ('<!DOCTYPE e SYSTEM "http://127.0.0.1:9/e.dtd">' + WHOLE, "", NO_DTD),
    "dtd-public": ('<!DOCTYPE e PUBLIC "-//E//E" "http://127.0.0.1:9/">' + WHOLE, "", NO_DTD),
    "dtd-after-declaration": ('<?xml version="1.0"?><!DOCTYPE e>' + WHOLE, "", NO_DTD),
    "dtd-in-body": (envelope("<!DOCTYPE e>" + CALL), "", NO_DTD),
    "dtd-lower-case": ("<!doctype e>" + WHOLE, "", NO_DTD),
    "entity-file": (bomb('<!ENTITY x SYSTEM "file:///etc/passwd">'), "&x;", NO_DTD),
    "entity-url": (bomb('<!ENTITY x SYSTEM "http://127.0.0.1:9/">'), "&x;", NO_DTD),
    "entity-parameter": (bomb('<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;'), "", NO_DTD),
    "entity-laughs": (bomb('<!ENTITY l0 "lol">' + LAUGHS), "&l9;", NO_DTD),
    "entity-blow-up": (bomb(f'<!ENTITY l "{"l" * 20000}">'), "&l;" * 2000, NO_DTD),
    "entity-undefined": (TITLED, "&x;", NO_ENTITY),
    "entity-of-html": (TITLED, "&nbsp;", NO_ENTITY),
    "entity-upper-case": (TITLED, "&AMP;", NO_ENTITY),
    "entity-without-name": (TITLED, "&;", NO_ENTITY),
    "entity-without-end": (TITLED, "a &amp b", NO_ENTITY),
    "ampersand": (TITLED, "Salt & Pepper", NO_ENTITY),
    "entity-in-attribute": (WHOLE.replace("<e:Body", '<e:Body a="&x;"'), "", NO_ENTITY),
    "include": (envelope('<x:include xmlns:x="http://www.w3.org/2001/XInclude" '
                         'href="file:///etc/passwd"/>' + CALL), "",
                "include must be an operation of this service."),
    # Characters.
    "character-nul": (TITLED, "&#0;", NO_CHARACTER),
    "character-control": (TITLED, "&#x1;", NO_CHARACTER),
    "character-surrogate": (TITLED, "&#xD800;", NO_CHARACTER),
    "character-not-one": (TITLED, "&#xFFFF;", NO_CHARACTER),
    "character-beyond": (TITLED, "&#x110000;", NO_CHARACTER),
    "character-overflows": (TITLED, "&#99999999999999999999999999;", NO_CHARACTER),
    "character-negative": (TITLED, "&#-65;", NO_CHARACTER),
    "character-empty": (TITLED, "&#;", NO_CHARACTER),
    "character-no-digit": (TITLED, "&#x4g;", NO_CHARACTER),
    "character-zeros": (TITLED, "&#" + "0" * 1000 + "65;", OK),
    "nul": (TITLED, b"a\0b", NOT_TEXT),
    "control": (TITLED, b"a\x01b", NOT_TEXT),
    "nul-behind": (WHOLE + "\0", "", NOT_TEXT),
    "nul-before": ("\0" + WHOLE, "", NOT_XML),
    "not-a-character": (TITLED, b"\xef\xbf\xbf", NOT_TEXT),
    "utf-8-overlong-2": (TITLED, b"\xc0\xaf", NOT_TEXT),
    "utf-8-overlong-3": (TITLED, b"\xe0\x80\xaf", NOT_TEXT),
    "utf-8-overlong-4": (TITLED, b"\xf0\x80\x80\xaf", NOT_TEXT),
    "utf-8-overlong-nul": (TITLED, b"\xc0\x80", NOT_TEXT),
    "utf-8-of-5": (TITLED, b"\xf8\x88\x80\x80\x80", NOT_TEXT),
    "utf-8-of-6": (TITLED, b"\xfc\x84\x80\x80\x80\x80", NOT_TEXT),
    "utf-8-beyond": (TITLED, b"\xf4\x90\x80\x80", NOT_TEXT),
    "utf-8-surrogates": (TITLED, b"\xed\xa0\x80\xed\xb0\x80", NOT_TEXT),
    "utf-8-continuation-alone": (TITLED, b"\x80", NOT_TEXT),
    "utf-8-cut": (TITLED, b"\xe2\x82", NOT_TEXT),
    "utf-8-cut-at-end": ((WHOLE.encode() + b"\xe2\x82"), "", NOT_TEXT),
    "utf-8-in-name": (envelope("<v:\xc4bc/>"), "", "An element must be an operation"),
    "latin-1": (TITLED, b"\xfc", NOT_TEXT),
    # Encodings.
    "utf-16": (WHOLE.encode("utf-16"), "", NOT_XML),
    "utf-16-be": (WHOLE.encode("utf-16-be"), "", NOT_XML),
    "utf-16-le": (WHOLE.encode("utf-16-le"), "", NOT_XML),
    "utf-32": (WHOLE.encode("utf-32"), "", NOT_XML),
    "utf-7": (b'<?xml version="1.0" encoding="utf-7"?>' + WHOLE.encode(), "", NO_ENCODING),
    "ebcdic": (WHOLE.encode("cp500"), "", NOT_XML),
    "gzip": (gzip.compress(WHOLE.encode()), "", NOT_XML),
    "declares-utf-16": ('<?xml version="1.0" encoding="UTF-16"?>' + WHOLE, "", NO_ENCODING),
    "declares-latin-1": ('<?xml version="1.0" encoding="ISO-8859-1"?>' + WHOLE, "", NO_ENCODING),
    "declares-nothing": ('<?xml version="1.0" encoding=""?>' + WHOLE, "", NO_ENCODING),
    "declared-twice": ('<?xml version="1.0"?><?xml version="1.0"?>' + WHOLE, "", NOT_XML),
    "declared-late": (' <?xml version="1.0"?>' + WHOLE, "", NOT_XML),
    "declared-in-body": (envelope('<?xml version="1.0"?>' + CALL), "", NOT_XML),
    "byte-order-mark": (b"\xef\xbb\xbf" + WHOLE.encode(), "", OK),
    "byte-order-mark-twice": (b"\xef\xbb\xbf" * 2 + WHOLE.encode(), "", NOT_XML),
    # Sizes.
    "levels-10000": ("<a>" * 10000 + "</a>" * 8000, "", SOAP),
    "levels-in-body": (envelope("<v:a>" * 5500 + "</v:a>" * 5500), "", "a must be an operation"),
    "levels-in-parameter": (TITLED, "<v:a>" * 5500 + "</v:a>" * 5500,
                            "ContentTitle must be 1 to 200 characters; it was \""),
    "levels-in-header": (envelope(CALL, "<e:Header>" + "<a>" * 9000 + "</a>" * 9000 +
                                  "</e:Header>"), "", OK),
    "levels-open": (envelope("<v:a>" * 10000), "", "a must be an operation"),
    "levels-closed": ("</a>" * 10000, "", ODD),
    "attributes-5000": (WHOLE.replace("<e:Body", "<e:Body" + "".join(
        f" a{n}='{n}'" for n in range(5000))), "", OK),
    "attribute-huge": (WHOLE.replace("<e:Body", "<e:Body a='" + "a" * 60000 + "'"), "", OK),
    "attribute-name-huge": (WHOLE.replace("<e:Body", "<e:Body " + "a" * 60000 + "='1'"), "", OK),
    "namespaces-2000": (WHOLE.replace("<e:Body", "<e:Body" + "".join(
        f" xmlns:n{n}='{n}'" for n in range(2000))), "", OK),
    "element-name-huge": (envelope("<v:" + "a" * 60000 + "/>"), "", UNKNOWN),
    "prefix-huge": (envelope("<" + "a" * 60000 + ":a/>"), "", "An element must be an operation of this service; it"),
    "text-huge": (TITLED, "a" * 60000, "ContentTitle must be 1 to 200 characters; it was \""),
    "comment-huge": (envelope("<!--" + "a" * 60000 + "-->" + CALL), "", OK),
    "comments-5000": (envelope("<!---->" * 5000 + CALL), "", OK),
    "instructions-5000": (envelope("<?a?>" * 5000 + CALL), "", OK),
    "spaces": (" \n" * 20000 + WHOLE, "", OK),
    # Form.
    "attribute-twice": (WHOLE.replace("<e:Body", "<e:Body a='1' a='2'"), "", XML),
    "attribute-twice-by-prefix": (WHOLE.replace(
        "<e:Body", "<e:Body xmlns:p='urn:p' xmlns:q='urn:p' p:a='1' q:a='2'"), "", OK),
    "attribute-unquoted": (WHOLE.replace("<e:Body", "<e:Body a=1"), "", XML),
    "attribute-without-value": (WHOLE.replace("<e:Body", "<e:Body a"), "", XML),
    "attribute-with-tag": (WHOLE.replace("<e:Body", "<e:Body a='<'"), "", NOT_XML),
    "attribute-open": (WHOLE.replace("<e:Body", "<e:Body a='"), "", NOT_XML),
    "tag-open": (WHOLE[:-1], "", NOT_XML),
    "tag-of-space": (envelope("< v:a/>"), "", NOT_XML),
    "tag-of-digit": (envelope("<1/>"), "", NOT_XML),
    "tag-unbound": (envelope("<p:InitiateTransaction/>"), "",
                    "InitiateTransaction must be an operation of this service."),
    "tag-crossed": (envelope("<v:a><v:b></v:a></v:b>"), "", "a must be an operation"),
    "tag-end-wrong": (WHOLE.replace("</e:Envelope>", "</e:Envelopf>"), "", XML),
    "comment-open": (envelope("<!-- " + CALL), "", NOT_XML),
    "comment-of-dashes": (envelope("<!-- a -- b -->" + CALL), "", NOT_XML),
    "comment-in-tag": (WHOLE.replace("<e:Body", "<e:Body <!-- -->"), "", NOT_XML),
    "comment-around": ("<!-- <a> & -->" + WHOLE + "<!-- > -->", "", OK),
    "comment-in-text": (TITLED, "Go<!-- not -->od", OK),
    "cdata-open": (TITLED, "<![CDATA[", NOT_XML),
    "cdata-outside": ("<![CDATA[a]]>" + WHOLE, "", ODD),
    "cdata-of-markup": (TITLED, "<![CDATA[</v:ContentTitle>]]>", OK),
    "cdata-end-alone": (TITLED, "a ]]> b", NOT_XML),
    "instruction-open": (envelope("<?a " + CALL), "", NOT_XML),
    "instruction-without-target": (envelope("<? a?>" + CALL), "", NOT_XML),
    "instruction-in-text": (TITLED, "Go<?php echo 1 ?>od", OK),
    "instruction-stylesheet": ('<?xml-stylesheet href="http://127.0.0.1:9/"?>' + WHOLE, "", OK),
    "text-before": ("a" + WHOLE, "", NOT_XML),
    "text-behind": (WHOLE + "a", "", XML),
    "text-in-envelope": (WHOLE.replace("<e:Body>", "a<e:Body>"), "", SOAP),
    "text-in-body": (envelope("a" + CALL), "", SOAP),
    "text-in-call": (WHOLE.replace(CALL, element("InitiateTransaction", "a")), "", WSDL),
    "two-documents": (WHOLE + WHOLE, "", XML),
    "two-roots": (WHOLE + "<a/>", "", XML),
    # Envelopes.
    "empty": ("", "", NOT_XML),
    "spaces-only": (" \n ", "", NOT_XML),
    "root-wrong": ("<a/>", "", SOAP),
    "root-is-call": (element("InitiateTransaction").replace(
        "<v:", '<v:', 1).replace("Transaction>", f'Transaction xmlns:v="{NAMESPACE}">', 1), "", SOAP),
    "envelope-without-namespace": ("<Envelope><Body/></Envelope>", "", "VersionMismatch"),
    "envelope-1.3": (WHOLE.replace(ENVELOPES["1.1"], "http://www.w3.org/2099/05/soap"), "",
                     "VersionMismatch"),
    "body-missing": (WHOLE.replace(f"<e:Body>{CALL}</e:Body>", ""), "", SOAP),
    "body-empty": (envelope(""), "", SOAP),
    "body-twice": (WHOLE.replace("</e:Body>", f"</e:Body><e:Body>{CALL}</e:Body>"), "", WSDL),
    "body-of-other-version": (f'<e:Envelope xmlns:e="{ENVELOPES["1.1"]}">'
                              f'<f:Body xmlns:f="{ENVELOPES["1.2"]}"/></e:Envelope>', "", SOAP),
    "body-before-header": (WHOLE.replace("</e:Body>", "</e:Body><e:Header/>"), "", WSDL),
    "header-twice": (envelope(CALL, "<e:Header/><e:Header/>"), "", SOAP),
    "header-of-nobody": (envelope(CALL, '<e:Header><x:a xmlns:x="urn:x">1</x:a></e:Header>'), "",
                         OK),
    "must-understand": (envelope(
        CALL, '<e:Header><x:a xmlns:x="urn:x" e:mustUnderstand="1"/></e:Header>'), "",
        "MustUnderstand"),
    "calls-two": (envelope(CALL + CALL), "", WSDL),
    "call-unknown": (envelope(element("DropEverything")), "",
                     "DropEverything must be an operation of this service."),
    "call-of-other-namespace": (WHOLE.replace(NAMESPACE, "urn:farthing:vendor:2"), "",
                                "InitiateTransaction must be an operation of this service."),
    "call-in-other-case": (envelope(element("initiatetransaction")), "",
                           "initiatetransaction must be an operation of this service."),
    "call-is-a-response": (envelope(element("InitiateTransactionResponse")), "",
                           "InitiateTransactionResponse must be an operation of this service."),
    "call-is-a-fault": (envelope("<e:Fault><faultcode>a</faultcode></e:Fault>"), "",
                        "Fault must be an operation of this service."),
    "parameters-of-other-namespace": (WHOLE.replace(CALL, element(
        "InitiateTransaction", '<VendorID xmlns="urn:x">1001</VendorID>')), "",
        "VendorID must be a parameter of this operation, and given once."),
    "encoding-style": (WHOLE.replace("<e:Body", "<e:Body e:encodingStyle="
                                     "'http://schemas.xmlsoap.org/soap/encoding/'"), "", OK),
    "references": (envelope('<v:InitiateTransaction href="#1"/><v:x id="1"/>'), "",
                   "VendorID must be given once."),
    "reference-outside": (TITLED.replace(TITLE, CALL).replace(
        CALL, element("InitiateTransaction", '<v:VendorID href="file:///etc/passwd"/>')), "",
        "VendorID must be 1 to 64 characters; it was \"\"."),
    "reference-cycle": (envelope('<v:InitiateTransaction id="a" href="#a"/>'), "",
                        "VendorID must be given once."),
    "include-mtom": (TITLED, '<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" '
                             'href="cid:1"/>', "ContentTitle must be 1 to 200 characters; it was \""),
}


@pytest.fixture(scope="module")
def caller(farthingd, vendor):
    return Caller(farthingd, vendor)


def make(caller, message, title):
    message = message.encode() if isinstance(message, str) else message
    title = title.encode() if isinstance(title, str) else title
    titled = caller.call(ContentTitle=element("ContentTitle", TITLE)).encode()
    return message.replace(CALL.encode(), caller.call().encode()) \
        .replace(TITLE.encode(), titled.replace(TITLE.encode(), title))


@pytest.mark.parametrize("name", CASES)
def test_message(caller, name):
    message, title, sentence = CASES[name]
    answer = caller.send(make(caller, message, title))
    standard = {"VersionMismatch", "MustUnderstand"}
    code = "OK" if sentence == OK else sentence if sentence in standard else "INVALID_PARAMETER"
    assert (answer.code, answer.status) == (code, 200 if code == "OK" else 500)
    assert sentence in standard or answer.sentence.startswith(sentence)
    assert "root:" not in answer.text


@pytest.mark.parametrize("content_type, sentence", [
    ("text/xml; charset=utf-16", IN_UTF_8), ("text/xml; charset=iso-8859-1", IN_UTF_8),
    ('text/xml; charset="UTF-8"', OK), ("text/xml; charset=", IN_UTF_8), ("text/xml", OK),
    ("multipart/related; type=\"text/xml\"; boundary=x", OK), ("application/octet-stream", OK),
    ("application/soap+xml", OK), ("x" * 4000, OK), ("", OK),
], ids=lambda value: str(value)[:40])
def test_media_type(caller, content_type, sentence):
    """What the header says counts for the charset alone: the document says what it is."""
    answer = caller.send(envelope(caller.call()), content_type)
    assert answer.code == ("INVALID_PARAMETER" if sentence else "OK")
    assert answer.sentence.startswith(sentence)


@pytest.mark.parametrize("version, header, code, status", [
    ("1.1", 'e:mustUnderstand="1"', "MustUnderstand", 500),
    ("1.2", 'e:mustUnderstand="true"', "MustUnderstand", 500),
    ("1.2", 'e:mustUnderstand="1"', "MustUnderstand", 500),
    ("1.1", 'e:mustUnderstand="0"', "OK", 200),
    ("1.2", 'e:mustUnderstand="false"', "OK", 200),
    ("1.1", 'e:mustUnderstand="1" e:actor="http://example.org/other"', "OK", 200),
    ("1.2", 'e:mustUnderstand="1" e:role="http://example.org/other"', "OK", 200),
    ("1.1", 'e:mustUnderstand="1" e:actor="http://schemas.xmlsoap.org/soap/actor/next"',
     "MustUnderstand", 500),
])
def test_header(caller, version, header, code, status):
    """A header that must be understood, and for whom."""
    head = f'<e:Header><x:a xmlns:x="urn:x" {header}/></e:Header>'
    answer = caller.send(envelope(caller.call(), head, version), MEDIA[version])
    assert (answer.code, answer.status) == (code, status)


@pytest.mark.parametrize("version, media, status", [("1.1", "1.2", 500), ("1.2", "1.1", 400)])
def test_envelope_decides_on_the_version(caller, version, media, status):
    answer = caller.send(envelope(element("Nothing"), version=version), MEDIA[media])
    assert (answer.status, ENVELOPES[version] in answer.text) == (status, True)
