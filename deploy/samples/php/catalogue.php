<?php
// SPDX-License-Identifier: GPL-3.0-or-later
// What the shop sells. Prices are strings: floats would arrive as 1.0E-5 or with 17 digits.

declare(strict_types=1);

// 'terms' go into InitiateTransaction as they are; 'tune' is read by melody.php.
const CATALOGUE = [
    'two-lines' => [
        'kind' => 'Poem', 'title' => 'Two Lines on Small Change', 'price' => '0.0005',
        'is_post' => false,
        'lead' => 'The shortest thing we sell, at the smallest price we know.',
        'terms' => [],
        'text' => ['A farthing is too small to miss, and yet',
            'a thousand of them pay an author’s debt.'],
    ],
    'weather' => [
        'kind' => 'News', 'title' => 'Tomorrow’s Weather, in Plain Words', 'price' => '0.002',
        'is_post' => false,
        'lead' => 'One day of access: tomorrow there is a new one.',
        'terms' => ['NumberOfDaysToView' => 1],
        'text' => ['The night stays clear until about four, when cloud comes in from the west.',
            'Rain is likely before breakfast and unlikely after it. Take a coat in the morning; you '
            . 'will carry it home.',
            'The wind is from the south-west and light. On high ground the first frost of the year '
            . 'is possible on Thursday.'],
    ],
    'ferry' => [
        'kind' => 'News', 'title' => 'The Last Ferry Gets a Reprieve', 'price' => '0.01',
        'is_post' => true,
        'lead' => 'Why the night boat keeps running, and who pays for it.',
        'terms' => [],
        'text' => ['The night ferry will run for at least two more winters. The harbour board '
            . 'decided so on Tuesday, by one vote, after the islanders offered to pay for the '
            . 'journeys themselves.',
            'They will not pay much. Each crossing costs the board about four hundred, and on most '
            . 'nights sixty people are asleep in the houses it serves. A few cents from each of '
            . 'them covers the fuel.',
            '“Nobody ever asked us for small amounts before,” said the schoolteacher, who counted '
            . 'the votes. “It was always everything or nothing.”'],
    ],
    'puzzle' => [
        'kind' => 'Puzzle', 'title' => 'A Puzzle to Be Seen Once', 'price' => '0.05',
        'is_post' => true,
        'lead' => 'One view only. Bring a pencil.',
        'terms' => ['NumberOfTimesToView' => 1],
        'text' => ['Nine coins look alike, but one of them is lighter. You have a balance and may '
            . 'use it twice. Which coin is it?',
            'A hint, since you paid for it: three, three and three.'],
    ],
    'dossier' => [
        'kind' => 'Dossier', 'title' => 'How Banks Came to Dislike Cents', 'price' => '0.40',
        'is_post' => true,
        'lead' => 'Our long read, yours for a day and a half.',
        'terms' => ['NumberOfDaysToView' => 1, 'NumberOfHoursToView' => 12],
        'text' => ['A transfer costs a bank the same whether it moves a fortune or a cent. So for a '
            . 'hundred years the cent was rounded away, bundled, or refused.',
            'The way out is old. Shopkeepers kept a slate: many small debts, added up, settled once. '
            . 'Nothing is moved until it is worth moving, and nothing is forgotten until it is.',
            'A slate is only as good as the hand that keeps it. It must never count a debt twice, '
            . 'must never lose one, and must add up at the end of every day. That is bookkeeping, '
            . 'and it is older than banks.'],
    ],
    'waltz' => [
        'kind' => 'Song', 'title' => 'Waltz for a Coin Box', 'price' => '0.25',
        'is_post' => false,
        'lead' => 'A few bars of music box. You may hear them on three visits.',
        'terms' => ['NumberOfTimesToView' => 3],
        'text' => ['For one small music box, in three-four time.'],
        'tune' => 'C5 E5 G5 | A5 G5 E5 | F5 A5 C6 | B5 - G5 | C6 B5 A5 | G5 E5 C5 | D5 F5 B4 | C5 - -',
    ],
    'album' => [
        'kind' => 'Album', 'title' => 'Rounding Errors: The Complete Tune', 'price' => '2.50',
        'is_post' => true,
        'lead' => 'The whole record, yours for good.',
        'terms' => [],
        'text' => ['Side A, and there is no side B. It was recorded in one take, by a computer.'],
        'tune' => 'A4 C5 E5 | A5 - E5 | F5 E5 D5 | E5 - - | D5 F5 A5 | G5 E5 C5 | B4 D5 G#4 | A4 - - '
            . '| E5 F5 E5 | C5 D5 E5 | F5 A5 F5 | E5 - D5 | C5 B4 A4 | D5 C5 B4 | A4 E4 G#4 | A4 - -',
    ],
];

// The item that the visitor asked for, or null.
function find_item(mixed $id): ?array
{
    return is_string($id) && isset(CATALOGUE[$id]) ? ['id' => $id] + CATALOGUE[$id] : null;
}

// Identifies the item at the payment service, and is where a buyer comes back to.
function content_url(array $item): string
{
    return SHOP_URL . '/item.php?item=' . rawurlencode($item['id']);
}

// "3 views", "36 hours", or '' when it lasts for good.
function terms_text(array $item): string
{
    $hours = 24 * ($item['terms']['NumberOfDaysToView'] ?? 0)
        + ($item['terms']['NumberOfHoursToView'] ?? 0);
    $views = $item['terms']['NumberOfTimesToView'] ?? 0;
    return match (true) {
        $views === 1 => 'one view',
        $views > 1 => "$views views",
        $hours === 24 => 'one day',
        $hours > 0 => "$hours hours",
        default => '',
    };
}
