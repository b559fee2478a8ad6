<?php
// SPDX-License-Identifier: GPL-3.0-or-later
// php-soap: calls what each line of standard input says; see clients.py.

declare(strict_types=1);

$version12 = getenv('SOAP_VERSION') === '1.2';
$client = new SoapClient(getenv('FARTHING_ENDPOINT') . ($version12 ? '?wsdl12' : '?wsdl'), [
    'cache_wsdl' => WSDL_CACHE_NONE, 'soap_version' => $version12 ? SOAP_1_2 : SOAP_1_1]);

while (($line = fgets(STDIN)) !== false) {
    $call = json_decode($line, true, flags: JSON_THROW_ON_ERROR);
    try {
        $said = ['answer' => $client->{$call['operation']}($call['parameters'])];
    } catch (SoapFault $fault) {
        $said = isset($fault->detail->VendorFault)
            ? ['fault' => $fault->detail->VendorFault] : ['error' => $fault->getMessage()];
    }
    echo json_encode($said, JSON_THROW_ON_ERROR), "\n";
}
