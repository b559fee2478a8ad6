// SPDX-License-Identifier: GPL-3.0-or-later
// A page that sells one item and shows it to those who have bought it. After exporting FARTHING_URL,
// SHOP_URL (this page's address, which you have registered, such as http://localhost:8081/),
// VENDOR_ID and VENDOR_PASSWORD:
//
//     npm ci && PORT=8081 node shop.mjs

import http from 'node:http';
import escape from 'escape-html';
import soap from 'soap';

const {FARTHING_URL, SHOP_URL, VENDOR_ID, VENDOR_PASSWORD, PORT} = process.env;
const TITLE = 'Café <Noir> & other tales';
const PRICE = '0.25'; // a text: 0.0000001 would become 1e-7
const CONTENT = 'The rain had stopped, but nobody in the café had noticed.';

async function call(operation, parameters) {
  const farthing = await soap.createClientAsync(`${FARTHING_URL}/soap/vendor/1?wsdl`);
  const [answer] = await farthing[`${operation}Async`]({
    VendorID: VENDOR_ID, VendorPassword: VENDOR_PASSWORD, ContentURL: SHOP_URL, ...parameters,
  }, {timeout: 10000});
  return answer;
}

async function answer(url) {
  if (url.pathname !== new URL(SHOP_URL).pathname)
    return {status: 404, html: '<p>There is nothing here.</p>'};
  const id = url.searchParams.get('EncryptedUserID');
  if (id !== null) {
    const access = await call('Lock_Content', {EncryptedUserID: id});
    if (access.Authorized)
      return {status: 200, html: `<p id="content">${escape(CONTENT)}</p>`};
    if (access.BuyURL) // it renews the ID of a buyer and sells to others
      return {status: 303, html: '', target: access.BuyURL};
  }
  const offer = await call('InitiateTransaction', {
    ContentTitle: TITLE, Price: PRICE, IsPost: false, NumberOfDaysToView: 30,
  });
  return {status: 200, html: `<p>Yours for 30 days.</p><p>${offer.BuyHTML}</p>`};
}

function explain(error) {
  const why = error.root?.Envelope?.Body?.Fault?.detail?.VendorFault;
  return why ? `${why.Code}: ${why.Message} (${why.CorrelationID})` : error.message;
}

http.createServer(async (request, response) => {
  let page;
  try {
    page = await answer(new URL(request.url, SHOP_URL));
  } catch (error) {
    console.error(explain(error));
    page = {status: 503, html: '<p id="problem">This cannot be sold just now. '
      + 'You have not been charged; please come back later.</p>'};
  }
  response.writeHead(page.status, {
    'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer', // the address may hold the encrypted user ID
    ...(page.target && {Location: page.target}),
  });
  response.end(`<!DOCTYPE html><html lang="en"><title>${escape(TITLE)}</title>`
    + `<h1>${escape(TITLE)}</h1>${page.html}</html>`);
}).listen(PORT, 'localhost');
