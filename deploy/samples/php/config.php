<?php
// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that differs from shop to shop; deploy/demo sets the environment.

declare(strict_types=1);

function setting(string $name): string
{
    $value = getenv($name);
    if ($value === false || $value === '') {
        throw new RuntimeException("The environment variable $name is not set.");
    }
    return $value;
}

const SHOP_NAME = 'The Halfpenny Post';
const CURRENCY = 'EUR';          // of the vendor's account at the payment service
const SOAP_TIMEOUT_S = 10;

define('SHOP_URL', rtrim(setting('SHOP_URL'), '/'));       // as visitors see it, and as registered
define('FARTHING_URL', rtrim(setting('FARTHING_URL'), '/')); // the payment service
define('VENDOR_ID', setting('VENDOR_ID'));
define('VENDOR_PASSWORD', setting('VENDOR_PASSWORD'));
