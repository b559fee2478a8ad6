// SPDX-License-Identifier: GPL-3.0-or-later
// npm soap: calls what each line of standard input says; see clients.py.

import readline from 'node:readline';
import soap from 'soap';

const {FARTHING_ENDPOINT, SOAP_VERSION} = process.env;
const version12 = SOAP_VERSION === '1.2';
const client = await soap.createClientAsync(FARTHING_ENDPOINT + (version12 ? '?wsdl12' : '?wsdl'),
    {forceSoap12Headers: version12});

async function call({operation, parameters}) {
  try {
    const [answer] = await client[`${operation}Async`](parameters);
    return {answer};
  } catch (error) {
    const fault = error.root?.Envelope.Body.Fault;
    const detail = (fault?.detail ?? fault?.Detail)?.VendorFault;
    return detail ? {fault: detail} : {error: error.message};
  }
}

for await (const line of readline.createInterface({input: process.stdin}))
  console.log(JSON.stringify(await call(JSON.parse(line))));
