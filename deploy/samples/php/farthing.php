<?php
// SPDX-License-Identifier: GPL-3.0-or-later
// The two calls that a shop makes.

declare(strict_types=1);

class ShopError extends RuntimeException
{
}

// Calls the payment service; what goes wrong is logged in full and told to the visitor in a sentence.
function farthing_call(string $operation, array $parameters): object
{
    ini_set('default_socket_timeout', (string) SOAP_TIMEOUT_S);
    try {
        $client = new SoapClient(FARTHING_URL . '/soap/vendor/1?wsdl', [
            'cache_wsdl' => WSDL_CACHE_MEMORY,
            'connection_timeout' => SOAP_TIMEOUT_S,
            'exceptions' => true,
        ]);
        return $client->__soapCall($operation, [
            ['VendorID' => VENDOR_ID, 'VendorPassword' => VENDOR_PASSWORD] + $parameters,
        ]);
    } catch (SoapFault $fault) {
        $detail = $fault->detail->VendorFault ?? null;
        error_log(sprintf('%s: %s %s (%s)', $operation, $detail->Code ?? $fault->faultcode,
            $detail->Message ?? $fault->getMessage(), $detail->CorrelationID ?? 'no correlation ID'));
        throw new ShopError($detail !== null && !$detail->Retry
            ? 'This item cannot be sold at the moment. We have been told. You have not been charged.'
            : 'The payment service does not answer at the moment. You have not been charged; '
                . 'please try again in a minute.');
    }
}

// Asks for a sale; the answer's BuyURL is where to send the visitor.
function initiate_transaction(array $item): object
{
    return farthing_call('InitiateTransaction', [
        'ContentTitle' => $item['title'],
        'Price' => $item['price'],
        'ContentURL' => content_url($item),
        'IsPost' => $item['is_post'],
        'VendorContentID' => $item['id'],
        'ShortDescription' => $item['lead'],
        'OptionalData' => 'shelf=' . strtolower($item['kind']),
    ] + $item['terms']);
}

// Whether the visitor who came with this ID may have the item; it uses up a view.
function lock_content(array $item, string $encrypted_user_id): object
{
    return farthing_call('Lock_Content', [
        'EncryptedUserID' => $encrypted_user_id,
        'ContentURL' => content_url($item),
    ]);
}
