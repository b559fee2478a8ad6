# SPDX-License-Identifier: GPL-3.0-or-later
"""The vendor API as a vendor's program calls it: zeep, with every answer held to the schema."""

import copy
import datetime

import zeep
from lxml import etree

NAMESPACE = "urn:farthing:vendor:1"
ENVELOPES = {"1.1": "http://schemas.xmlsoap.org/soap/envelope/",
             "1.2": "http://www.w3.org/2003/05/soap-envelope"}
SCHEMA = "{http://www.w3.org/2001/XMLSchema}schema"
XSI_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
NIL = object()


class CheckedTransport(zeep.Transport):
    """Refuses an answer whose payload the WSDL's schema does not allow."""

    def __init__(self, **options):
        super().__init__(**options)
        self.schema = None
        self.last = None

    def learn(self, wsdl):
        self.schema = etree.XMLSchema(etree.fromstring(wsdl).find(".//" + SCHEMA))

    def post(self, address, message, headers):
        self.last = super().post(address, message, headers)
        self.check(self.last.content)
        return self.last

    def check(self, content):
        envelope = etree.fromstring(content)
        assert etree.QName(envelope).namespace in ENVELOPES.values()
        payloads = [element for element in envelope.iter(f"{{{NAMESPACE}}}*")
                    if etree.QName(element.getparent()).namespace != NAMESPACE]
        for payload in payloads:
            self.schema.assertValid(etree.ElementTree(copy.deepcopy(payload)))
        is_fault = envelope.find(".//{*}Fault") is not None
        assert is_fault or len(payloads) == 1, "an answer without payload"


class VendorApi:
    """The operations for one vendor in one version of SOAP."""

    def __init__(self, url, vendor, version="1.1", client=None):
        """client: files of the certificate and key with which it shows itself."""
        self.vendor = vendor
        self.version = version
        endpoint = url + "/soap/vendor/1"
        wsdl_url = endpoint + ("?wsdl" if version == "1.1" else "?wsdl12")
        self.transport = CheckedTransport(timeout=30, operation_timeout=30)
        self.transport.session.cert = client
        self.transport.learn(self.transport.session.get(wsdl_url, timeout=30).content)
        self.client = zeep.Client(wsdl_url, transport=self.transport)
        self.binding = next(binding for binding in self.client.wsdl.bindings.values()
                            if self._speaks(binding))
        self.service = self.client.create_service(self.binding.name, endpoint)

    def _speaks(self, binding):
        wanted = zeep.wsdl.bindings.Soap11Binding if self.version == "1.1" \
            else zeep.wsdl.bindings.Soap12Binding
        return isinstance(binding, wanted)

    def call(self, operation, parameters, raw=None):
        """
        raw: {name: text} puts a text where zeep would refuse to; None takes the element out, NIL
        empties it with xsi:nil. An answer in the other version of SOAP fails.
        """
        parameters = {"VendorID": self.vendor.vendor_id, "VendorPassword": self.vendor.password,
                      **parameters}
        if not raw:
            return self.service[operation](**parameters)
        envelope = self.client.create_message(self.service, operation, **parameters)
        edit(envelope, operation, raw)
        return self.send(operation, etree.tostring(envelope))

    def send(self, operation, message):
        """Any bytes as the body; what zeep makes of the answer."""
        options = self.service._binding_options
        content_type = "text/xml" if self.version == "1.1" else "application/soap+xml"
        response = self.transport.post(options["address"], message,
                                       {"Content-Type": content_type + "; charset=utf-8"})
        return self.binding.process_reply(self.client, self.binding.get(operation), response)

    def initiate(self, raw=None, **parameters):
        parameters = {"ContentTitle": "The news of today", "Price": "0.25",
                      "ContentURL": self.vendor.home_url + "items/1", "IsPost": False,
                      **parameters}
        return self.call("InitiateTransaction", parameters, raw)

    def lock(self, encrypted_user_id, content_url, raw=None, **parameters):
        parameters = {"EncryptedUserID": encrypted_user_id, "ContentURL": content_url, **parameters}
        return self.call("Lock_Content", parameters, raw)

    def get(self, transaction_id=None, request_id=None):
        return self.call("GetTransaction", {
            "TransactionID": transaction_id, "RequestID": request_id}).Transaction

    def refund(self, transaction_id, amount=None, raw=None, **parameters):
        return self.call("RefundTransaction", {
            "TransactionID": transaction_id, "Amount": amount, **parameters}, raw).Refund

    def list_page(self, since, until, raw=None, **parameters):
        """(transactions, token of what follows)"""
        page = self.call("ListTransactions", {"Since": since, "Until": until, **parameters}, raw)
        # An element without content is None to zeep.
        return page.Transactions.Transaction if page.Transactions else [], page.NextPageToken

    def checkout(self, order_id, raw=None, **parameters):
        parameters = {"OrderID": order_id, "Amount": "2.50", "Description": "Two hats",
                      "ReturnURL": self.vendor.home_url + "thanks",
                      "CancelURL": self.vendor.home_url + "cart", "ShippingRequested": True,
                      **parameters}
        return self.call("InitiateCheckout", parameters, raw)

    def issue(self, amount, count=1):
        """Codes that pay amount each, for a day."""
        until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)
        return self.call("IssueIncentive", {
            "Amount": amount, "Count": count, "ExpiresAt": until}).Incentive.Codes.Code


def edit(envelope, operation, raw):
    payload = envelope.find(f".//{{{NAMESPACE}}}{operation}")
    for name, text in raw.items():
        element = payload.find(f"{{{NAMESPACE}}}{name}")
        if text is None:
            payload.remove(element)
        elif text is NIL:
            element.text = None
            element.set(XSI_NIL, "true")
        else:
            element.text = text


def code_of(call, *arguments, **parameters):
    """A fault's code, or "OK"."""
    try:
        call(*arguments, **parameters)
    except zeep.exceptions.Fault as error:
        return fault_of(error)["Code"]
    return "OK"


def fault_of(error):
    """{"Code": …, "Message": …, "CorrelationID": …, "Retry": …} of a zeep fault."""
    detail = error.detail
    assert detail is not None, f"a fault without detail: {error}"
    if isinstance(detail, bytes):
        detail = etree.fromstring(detail)
    fields = {etree.QName(element).localname: element.text
              for element in detail.iter(f"{{{NAMESPACE}}}*") if len(element) == 0}
    assert set(fields) == {"Code", "Message", "CorrelationID", "Retry"}, fields
    return fields
