-- SPDX-License-Identifier: GPL-3.0-or-later
-- The read API of the ledger.

CREATE OR REPLACE VIEW ledger.all_postings AS
    SELECT p.entry_id, e.kind, e.booked_at, p.line, p.account, p.holder, p.currency,
           p.amount::bigint AS amount
    FROM ledger.postings p JOIN ledger.entries e ON e.entry_id = p.entry_id
    UNION ALL
    SELECT s.transaction_id, 'purchase', s.sold_at, 1, 'user_wallet', s.user_id, s.currency,
           s.incentive_amount::bigint - s.price::bigint
    FROM purchase.sales s WHERE s.price <> s.incentive_amount
    UNION ALL
    SELECT s.transaction_id, 'purchase', s.sold_at, 2, 'vendor_payable', s.vendor_id::bigint,
           s.currency, s.price::bigint
    FROM purchase.sales s
    UNION ALL
    SELECT s.transaction_id, 'purchase', s.sold_at, 3,
           CASE WHEN i.vendor_id IS NULL THEN 'incentive_expense' ELSE 'vendor_payable' END,
           coalesce(i.vendor_id, 0)::bigint, s.currency, -s.incentive_amount::bigint
    FROM purchase.sales s JOIN incentive.incentives i ON i.incentive_id = s.incentive_id
    UNION ALL
    SELECT a.accrual_id, CASE a.kind WHEN 'commission' THEN 'commission' ELSE 'royalty' END,
           CASE a.kind
               WHEN 'sale' THEN (SELECT s.sold_at FROM purchase.sales s
                                 WHERE s.transaction_id = a.accrual_id)
               WHEN 'refund' THEN (SELECT f.refunded_at FROM purchase.refunds f
                                   WHERE f.refund_id = a.accrual_id)
               ELSE (SELECT e.booked_at FROM ledger.entries e WHERE e.entry_id = a.subject_id) END,
           l.line, l.account, l.holder, v.currency, l.amount
    FROM royalty.accruals a
    JOIN vendor.vendors v ON v.vendor_id = a.vendor_id
    CROSS JOIN LATERAL (VALUES
        (11, 'vendor_payable', a.vendor_id::bigint, -a.royalty::bigint),
        (12, 'royalty_income', 0, a.royalty::bigint),
        (13, 'vendor_payable', a.vendor_id, -a.content_royalty::bigint),
        (14, 'content_royalty_withheld', a.vendor_id, a.content_royalty::bigint),
        (15, 'commission_expense', 0, CASE a.kind WHEN 'commission' THEN -a.amount::bigint END),
        (16, 'vendor_payable', a.vendor_id, CASE a.kind WHEN 'commission' THEN a.amount::bigint END)
    ) AS l (line, account, holder, amount)
    WHERE l.amount <> 0;
COMMENT ON VIEW ledger.all_postings IS
    'every posting, those of sales and royalties included; what an account owes its holder is positive';

CREATE OR REPLACE VIEW ledger.trial_balance AS
    SELECT currency, sum(amount) AS balance, count(*) AS postings
    FROM ledger.all_postings GROUP BY currency;
COMMENT ON VIEW ledger.trial_balance IS 'sum of all postings per currency: each balance is 0';

CREATE OR REPLACE VIEW ledger.wallet_differences AS
    SELECT user_id, currency, coalesce(w.balance, 0)::bigint AS balance,
           coalesce(p.amount, 0) AS postings
    FROM account.wallets w
    FULL JOIN (SELECT holder AS user_id, currency, sum(amount) AS amount
               FROM ledger.all_postings WHERE account = 'user_wallet'
               GROUP BY holder, currency) p USING (user_id, currency)
    WHERE coalesce(w.balance, 0) <> coalesce(p.amount, 0);
COMMENT ON VIEW ledger.wallet_differences IS
    'wallets whose balance is not the sum of their postings: there must be none';

CREATE OR REPLACE VIEW ledger.tokens_sold AS
    SELECT currency, kind, sum(amount) AS amount, count(*) AS entries
    FROM ledger.all_postings
    WHERE account = 'user_wallet' AND kind IN ('deposit', 'bonus')
    GROUP BY currency, kind;
COMMENT ON VIEW ledger.tokens_sold IS 'aggregated total of tokens issued, per currency (O10)';
