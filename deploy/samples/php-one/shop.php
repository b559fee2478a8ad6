<?php
// SPDX-License-Identifier: GPL-3.0-or-later
// A page that sells one item and shows it to those who have bought it. With Debian's php-cli and
// php-soap, after exporting FARTHING_URL, SHOP_URL (this page's address, which you have
// registered, such as http://localhost:8081/), VENDOR_ID and VENDOR_PASSWORD:
//
//     php -S localhost:8081 shop.php

declare(strict_types=1);

const TITLE = 'Café <Noir> & other tales';
const PRICE = '0.25';
const CONTENT = 'The rain had stopped, but nobody in the café had noticed.';

ini_set('default_socket_timeout', '10');

function h(string $text): string
{
    return htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE | ENT_HTML5, 'UTF-8');
}

function farthing(string $operation, array $parameters): object
{
    $client = new SoapClient(getenv('FARTHING_URL') . '/soap/vendor/1?wsdl', ['connection_timeout' => 10]);
    return $client->$operation([
        'VendorID' => getenv('VENDOR_ID'), 'VendorPassword' => getenv('VENDOR_PASSWORD'),
        'ContentURL' => getenv('SHOP_URL')] + $parameters);
}

function page(int $status, string $html): never
{
    http_response_code($status);
    header('Content-Type: text/html; charset=utf-8');
    header('Referrer-Policy: no-referrer'); // the address may hold the encrypted user ID
    header('Cache-Control: no-store');
    exit('<!DOCTYPE html><html lang="en"><title>' . h(TITLE) . '</title><h1>' . h(TITLE) . "</h1>$html</html>");
}

if (parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH) !== parse_url(getenv('SHOP_URL'), PHP_URL_PATH)) {
    page(404, '<p>There is nothing here.</p>');
}
try {
    if (is_string($_GET['EncryptedUserID'] ?? null)) {
        $access = farthing('Lock_Content', ['EncryptedUserID' => $_GET['EncryptedUserID']]);
        if ($access->Authorized) {
            page(200, '<p id="content">' . h(CONTENT) . '</p>');
        }
        if (isset($access->BuyURL)) { // it renews the ID of a buyer and sells to others
            header("Location: $access->BuyURL", true, 303);
            exit;
        }
    }
    $offer = farthing('InitiateTransaction', [
        'ContentTitle' => TITLE, 'Price' => PRICE, 'IsPost' => false, 'NumberOfDaysToView' => 30]);
    page(200, "<p>Yours for 30 days.</p><p>$offer->BuyHTML</p>");
} catch (SoapFault $fault) {
    $why = $fault->detail->VendorFault ?? null;
    error_log($why ? "$why->Code: $why->Message ($why->CorrelationID)" : $fault->getMessage());
    page(503, '<p id="problem">This cannot be sold just now. You have not been charged; please come back later.</p>');
}
