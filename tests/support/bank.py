# SPDX-License-Identifier: GPL-3.0-or-later
"""A bank: it reads orders and writes statements, in each version of ISO 20022 that is in use."""

import dataclasses
import itertools
import os
import pathlib

import pytest
from lxml import etree
from lxml.builder import ElementMaker

from support.place import SOURCE

SPACE = "urn:iso:std:iso:20022:tech:xsd:"
SCHEMAS = pathlib.Path(os.environ.get("FARTHING_ISO20022", SOURCE.parent / "shared/iso20022"))
IBAN = "DE02120300000000202051"
DATE = "2026-11-20"

_numbers = itertools.count(1)


def unique(prefix="B"):
    return f"{prefix}{next(_numbers):09}"


def iban(number):
    """A German account's."""
    body = f"12030000{number:010}"
    return f"DE{98 - int(body + '131400') % 97:02}{body}"


def check_schema(path):
    """Skips when the schema that the file names is not on this machine."""
    document = etree.parse(str(path))
    name = etree.QName(document.getroot()).namespace.removeprefix(SPACE)
    schema = SCHEMAS / f"{name}.xsd"
    if not schema.exists():
        pytest.skip(f"{schema} is not there: the file's validity is not tested")
    etree.XMLSchema(etree.parse(str(schema))).assertValid(document)


@dataclasses.dataclass
class Payment:
    """What one line of a statement says; amount is a text, as the bank writes it."""
    amount: str
    credit: bool = True
    end_to_end_id: str = None
    words: str = None
    reference: str = None  # of a creditor, structured
    bank_reference: str = None
    batch: str = None
    name: str = "Jörg Müller"
    iban: str = iban(4711)
    returned: str = None  # a reason's code


@dataclasses.dataclass
class Entry:
    payments: list
    amount: str = None  # else the only payment's
    credit: bool = True
    reference: str = None  # of the bank; "": none
    status: str = "BOOK"
    reversal: bool = False
    details: bool = True
    currency: str = "EUR"
    date: str = DATE
    batch: str = None


def entry(amount, credit=True, reference=None, status="BOOK", reversal=False, details=True,
          currency="EUR", **payment):
    return Entry([Payment(amount, credit, **payment)], amount, credit,
                 unique("S") if reference is None else reference, status, reversal, details, currency)


class Message:
    """A camt.053 or camt.054 of one version: "02", "04", "08"."""

    def __init__(self, version="08", kind="053", account=IBAN, statement_id=None, page=None,
                 currency="EUR"):
        self.version, self.kind, self.account, self.page = version, kind, account, page
        self.name = f"camt.{kind}.001.{version}"
        self.statement_id = statement_id or unique("STMT")
        self.currency = currency
        self.make = ElementMaker(namespace=SPACE + self.name, nsmap={None: SPACE + self.name})

    def text(self, entries):
        m = self.make
        outer, inner = (("BkToCstmrStmt", "Stmt") if self.kind == "053"
                        else ("BkToCstmrDbtCdtNtfctn", "Ntfctn"))
        head = [m.Id(self.statement_id)]
        if self.page and self.version != "02":
            pagination = "StmtPgntn" if self.kind == "053" else "NtfctnPgntn"
            head.append(m(pagination, m.PgNb(self.page), m.LastPgInd("false")))
        head += [m.ElctrncSeqNb("1"), m.CreDtTm(f"{DATE}T22:00:00"),
                 m.Acct(m.Id(m.IBAN(self.account)), m.Ccy(self.currency))]
        if self.kind == "053":
            head += [self._balance("OPBD"), self._balance("CLBD")]
        statement = m(inner, *head, *[self._entry(each) for each in entries])
        document = m.Document(m(outer, m.GrpHdr(m.MsgId(unique("MSG")),
                                                m.CreDtTm(f"{DATE}T22:00:00")), statement))
        return etree.tostring(document, xml_declaration=True, encoding="UTF-8", pretty_print=True)

    def write(self, directory, *entries):
        path = directory / f"{self.name}-{self.statement_id}-{unique()}.xml"
        path.write_bytes(self.text(entries))
        return path

    def _balance(self, code):
        m = self.make
        return m.Bal(m.Tp(m.CdOrPrtry(m.Cd(code))), m.Amt("0.00", Ccy=self.currency),
                     m.CdtDbtInd("CRDT"), m.Dt(m.Dt(DATE)))

    def _entry(self, entry):
        m = self.make
        status = m.Sts(m.Cd(entry.status)) if self.version == "08" else m.Sts(entry.status)
        parts = [m.Amt(entry.amount, Ccy=entry.currency), m.CdtDbtInd(direction(entry.credit))]
        if entry.reversal:
            parts.append(m.RvslInd("true"))
        parts += [status, m.BookgDt(m.Dt(entry.date)), m.ValDt(m.Dt(entry.date))]
        if entry.reference:
            parts.append(m.AcctSvcrRef(entry.reference))
        parts.append(m.BkTxCd(m.Domn(m.Cd("PMNT"), m.Fmly(m.Cd("RCDT"), m.SubFmlyCd("ESCT")))))
        if entry.details or entry.batch:
            details = [m.Btch(m.PmtInfId(entry.batch))] if entry.batch else []
            if entry.details:
                details += [self._payment(payment, entry) for payment in entry.payments]
            parts.append(m.NtryDtls(*details))
        return m.Ntry(*parts)

    def _payment(self, payment, entry):
        m = self.make
        names = [("AcctSvcrRef", payment.bank_reference), ("PmtInfId", payment.batch),
                 ("EndToEndId", payment.end_to_end_id or "NOTPROVIDED")]
        parts = [m.Refs(*[m(name, text) for name, text in names if text])]
        if self.version == "02":
            parts.append(m.AmtDtls(m.TxAmt(m.Amt(payment.amount, Ccy=entry.currency))))
        else:
            parts += [m.Amt(payment.amount, Ccy=entry.currency),
                      m.CdtDbtInd(direction(payment.credit))]
        side = "Dbtr" if payment.credit else "Cdtr"
        who = m.Nm(payment.name)
        parts.append(m.RltdPties(m(side, m.Pty(who) if self.version == "08" else who),
                                 m(side + "Acct", m.Id(m.IBAN(payment.iban)))))
        remittance = [m.Ustrd(payment.words)] if payment.words else []
        if payment.reference:
            remittance.append(m.Strd(m.CdtrRefInf(m.Tp(m.CdOrPrtry(m.Cd("SCOR"))),
                                                  m.Ref(payment.reference))))
        if remittance:
            parts.append(m.RmtInf(*remittance))
        if payment.returned:
            parts.append(m.RtrInf(m.Rsn(m.Cd(payment.returned))))
        return m.TxDtls(*parts)


def direction(credit):
    return "CRDT" if credit else "DBIT"


def status_report(directory, message_id, group=None, payments=(), version="10"):
    """pain.002; payments: (end-to-end ID, status, reason's code or None)"""
    name = f"pain.002.001.{version}"
    m = ElementMaker(namespace=SPACE + name, nsmap={None: SPACE + name})
    head = [m.OrgnlMsgId(message_id), m.OrgnlMsgNmId("pain.001.001.09")]
    if group:
        head.append(m.GrpSts(group))
    if group == "RJCT":
        head.append(m.StsRsnInf(m.Rsn(m.Cd("DU01")), m.AddtlInf("Duplicate message")))
    lines = [m.TxInfAndSts(m.OrgnlEndToEndId(end_to_end_id), m.TxSts(status),
                           *[m.StsRsnInf(m.Rsn(m.Cd(code))) for code in [reason] if code])
             for end_to_end_id, status, reason in payments]
    instruction = [m.OrgnlPmtInfAndSts(m.OrgnlPmtInfId(message_id + "-1"), *lines)] if lines else []
    document = m.Document(m.CstmrPmtStsRpt(
        m.GrpHdr(m.MsgId(unique("STS")), m.CreDtTm(f"{DATE}T23:00:00")),
        m.OrgnlGrpInfAndSts(*head), *instruction))
    path = directory / f"{name}-{unique()}.xml"
    path.write_bytes(etree.tostring(document, xml_declaration=True, encoding="UTF-8"))
    return path


class Order:
    """A file that was ordered: what its bank would see."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.root = etree.parse(str(path)).getroot()
        self.message_id = self.one("GrpHdr/MsgId")
        self.payments = [(end(line, "PmtId/EndToEndId"), end(line, "InstdAmt"))
                         for line in self.root.iter("{*}CdtTrfTxInf", "{*}DrctDbtTxInf")]

    def one(self, path):
        return end(self.root, path)


def end(element, path):
    """Text of the first element at the path's end, whatever is above it."""
    first, *rest = path.split("/")
    found = next(element.iter(f"{{*}}{first}"))
    for name in rest:
        found = found.find(f"{{*}}{name}")
    return found.text
