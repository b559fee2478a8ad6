<?php
// SPDX-License-Identifier: GPL-3.0-or-later
// The frame of every page, and what every page needs.

declare(strict_types=1);

require __DIR__ . '/config.php';
require __DIR__ . '/catalogue.php';
require __DIR__ . '/farthing.php';

// Text for HTML.
function h(string $text): string
{
    return htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE | ENT_HTML5, 'UTF-8');
}

// $body prints what goes between the masthead and the foot.
function show_page(string $title, callable $body, int $status = 200): void
{
    http_response_code($status);
    header('Content-Type: text/html; charset=utf-8');
    header("Content-Security-Policy: default-src 'none'; style-src 'self'; script-src 'self'; "
        . "media-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    header('Referrer-Policy: no-referrer'); // an address may carry the encrypted user ID
    header('X-Content-Type-Options: nosniff');
    header('Cache-Control: no-store');
    ?>
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title><?= h($title) ?></title>
<link rel="stylesheet" href="style.css">
<script src="shop.js" defer></script>
</head>
<body>
<header><a href="index.php"><?= h(SHOP_NAME) ?></a><p>News and music, by the piece</p></header>
<main>
<?php $body(); ?>
</main>
<footer>Every piece is paid for with <a href="<?= h(FARTHING_URL) ?>/">Farthing</a>: no subscription, no
account with us.</footer>
</body>
</html>
<?php
}

function show_problem(string $title, string $text, int $status): void
{
    show_page($title, function () use ($title, $text): void { ?>
<h1><?= h($title) ?></h1>
<p class="lead"><?= h($text) ?></p>
<p><a href="index.php" data-back>Back to the shop</a></p>
<?php }, $status);
}

function redirect(string $url): never
{
    header('Cache-Control: no-store');
    header('Referrer-Policy: no-referrer');
    header('Location: ' . $url, true, 303);
    exit;
}

// Runs a page; an exception becomes a page that a visitor understands.
function run_page(callable $page): void
{
    try {
        $page();
    } catch (ShopError $error) {
        show_problem('Not just now', $error->getMessage(), 503);
    } catch (Throwable $error) {
        error_log((string) $error);
        show_problem('Something broke', 'It was our fault, and you have not been charged.', 500);
    }
}
