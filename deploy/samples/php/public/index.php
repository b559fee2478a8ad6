<?php
// SPDX-License-Identifier: GPL-3.0-or-later
// The shelf.

declare(strict_types=1);

require __DIR__ . '/../page.php';

run_page(function (): void {
    show_page(SHOP_NAME, function (): void { ?>
<h1 class="quiet">On the shelf today</h1>
<ul class="shelf">
<?php foreach (array_keys(CATALOGUE) as $id) {
    $item = find_item($id);
    $terms = terms_text($item);
    $offer = $item['price'] . ' ' . CURRENCY . ($terms === '' ? '' : " · $terms"); ?>
<li>
<p class="kind"><?= h($item['kind']) ?></p>
<h2><?= h($item['title']) ?></h2>
<p><?= h($item['lead']) ?></p>
<a class="price" data-buy href="buy.php?item=<?= h(rawurlencode($id)) ?>"
aria-label="<?= h("$offer: $item[title]") ?>"><?= h($offer) ?></a>
</li>
<?php } ?>
</ul>
<?php });
});
