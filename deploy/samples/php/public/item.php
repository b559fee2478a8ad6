<?php
// SPDX-License-Identifier: GPL-3.0-or-later
// The content itself, for whoever the payment service says has paid.

declare(strict_types=1);

require __DIR__ . '/../page.php';
require __DIR__ . '/../melody.php';

function show_item(array $item, object $answer): void
{
    show_page($item['title'], function () use ($item, $answer): void { ?>
<article data-address="<?= h(content_url($item)) ?>">
<p class="kind"><?= h($item['kind']) ?></p>
<h1><?= h($item['title']) ?></h1>
<?php foreach ($item['text'] as $paragraph) { ?>
<p><?= h($paragraph) ?></p>
<?php } ?>
<?php if (isset($item['tune'])) { ?>
<audio controls src="data:audio/wav;base64,<?= base64_encode(melody_wav($item['tune'])) ?>"></audio>
<?php } ?>
</article>
<p class="terms"><?php
    if (isset($answer->ViewsLeft)) {
        echo h("Views left: $answer->ViewsLeft. ");
    }
    if (isset($answer->ExpiresAt)) {
        echo h('Yours until ' . gmdate('j F Y, H:i', strtotime($answer->ExpiresAt)) . ' GMT. ');
    } ?><a href="index.php" data-back>Back to the shop</a></p>
<?php });
}

run_page(function (): void {
    $item = find_item($_GET['item'] ?? null);
    if ($item === null) {
        show_problem('No such item', 'We do not sell that, or not any more.', 404);
        return;
    }
    $id = $_POST['EncryptedUserID'] ?? $_GET['EncryptedUserID'] ?? null;
    if (!is_string($id) || $id === '') {
        redirect('buy.php?item=' . rawurlencode($item['id']));
    }
    $answer = lock_content($item, $id);
    if ($answer->Authorized) {
        show_item($item, $answer);
    } elseif ($answer->Reason === 'ACCOUNT_DISABLED') {
        show_problem('Your account is closed', 'The payment service has disabled your account. '
            . 'Please ask there.', 403);
    } else {
        // It renews the ID of one who has paid, and sells to one who has not.
        redirect($answer->BuyURL ?? 'buy.php?item=' . rawurlencode($item['id']));
    }
});
