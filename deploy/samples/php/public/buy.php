<?php
// SPDX-License-Identifier: GPL-3.0-or-later
// The click on a price: asks the payment service for a sale and sends the browser to its buy window.

declare(strict_types=1);

require __DIR__ . '/../page.php';

run_page(function (): void {
    $item = find_item($_GET['item'] ?? null);
    if ($item === null) {
        show_problem('No such item', 'We do not sell that, or not any more.', 404);
        return;
    }
    redirect(initiate_transaction($item)->BuyURL);
});
