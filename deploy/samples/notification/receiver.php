<?php
// SPDX-License-Identifier: GPL-3.0-or-later
// Receives Farthing's notifications at the URL that the provider registered. The secret that came
// with the registration is in the environment as FARTHING_SECRET.
declare(strict_types=1);

const TOLERANCE_S = 300; // an older one may be somebody's copy

function is_genuine(string $secret, string $timestamp, string $signature, string $body, int $now): bool
{
    return $secret !== '' && ctype_digit($timestamp)
        && abs($now - (int) $timestamp) <= TOLERANCE_S
        && hash_equals('v1=' . hash_hmac('sha256', "$timestamp.$body", $secret), $signature);
}

$body = file_get_contents('php://input'); // as it came: not decoded, not trimmed
if (!is_genuine((string) getenv('FARTHING_SECRET'), $_SERVER['HTTP_FARTHING_TIMESTAMP'] ?? '',
                $_SERVER['HTTP_FARTHING_SIGNATURE'] ?? '', $body, time())) {
    http_response_code(400);
    exit("This does not come from Farthing.\n");
}

// The same event may come twice, and events in any order: remember event_id, go by state.
$event = json_decode($body, true, 16, JSON_THROW_ON_ERROR);
error_log("$event[event_id] $event[kind] $event[transaction_id] $event[state]");
http_response_code(204); // any other status than 2xx, and it comes again
