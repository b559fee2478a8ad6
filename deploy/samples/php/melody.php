<?php
// SPDX-License-Identifier: GPL-3.0-or-later
// A music box: turns "C5 E5 - | G5" into a WAV file. "-" lets the last note ring on.

declare(strict_types=1);

const SAMPLE_RATE = 11025;
const BEAT = 4900; // samples

function note_frequency(string $note): float
{
    $steps = ['C' => -9, 'D' => -7, 'E' => -5, 'F' => -4, 'G' => -2, 'A' => 0, 'B' => 2];
    $sharp = str_contains($note, '#') ? 1 : 0;
    return 440.0 * 2 ** (((int) substr($note, -1) - 4) + ($steps[$note[0]] + $sharp) / 12);
}

function melody_wav(string $tune): string
{
    $beats = preg_split('/[\s|]+/', $tune, -1, PREG_SPLIT_NO_EMPTY);
    $frequency = 0.0;
    $struck = 0;
    $samples = '';
    for ($i = 0; $i < count($beats) * BEAT; $i++) {
        $beat = intdiv($i, BEAT);
        if ($i % BEAT === 0 && $beats[$beat] !== '-') {
            $frequency = note_frequency($beats[$beat]);
            $struck = $i;
        }
        $t = ($i - $struck) / SAMPLE_RATE;
        $wave = sin(2 * M_PI * $frequency * $t) + 0.3 * sin(6 * M_PI * $frequency * $t);
        $samples .= chr(128 + (int) (80 * exp(-3 * $t) * $wave));
    }
    $size = strlen($samples);
    return 'RIFF' . pack('V', 36 + $size) . 'WAVEfmt ' . pack('VvvVVvv', 16, 1, 1, SAMPLE_RATE,
        SAMPLE_RATE, 1, 8) . 'data' . pack('V', $size) . $samples;
}
