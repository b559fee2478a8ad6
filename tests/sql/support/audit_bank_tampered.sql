-- SPDX-License-Identifier: GPL-3.0-or-later
-- One change each to what banks said and what was booked for it.
INSERT INTO test.tamperings (is_closed, what, statement, found) VALUES
    (false, 'a wallet below what the bank took back',
     $$UPDATE account.wallets SET balance = -3200001 WHERE user_id = {CAROL}$$,
     'wallet_balance, wallet_overdrawn'),
    (true, 'a wallet that holds the least it may',
     $$UPDATE account.wallets SET balance = -3200000 WHERE user_id = {CAROL}$$,
     'wallet_balance'),
    (true, 'a wallet without credit below what the bank took back',
     $$UPDATE account.wallets SET balance = -2000001 WHERE user_id = {DAVE}$$,
     'wallet_balance, wallet_overdrawn');
