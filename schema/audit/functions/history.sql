-- SPDX-License-Identifier: GPL-3.0-or-later
-- The chain over closed days: proves that no fact was changed, added or removed since.

-- What was agreed or issued in the range.
CREATE FUNCTION audit.terms(in_range audit.range)
RETURNS TABLE (source text, bucket text, id text, fact text)
LANGUAGE sql STABLE AS $$
    SELECT x.source, '', x.id, x.fact FROM (
        SELECT 'schedule' AS source, h.schedule_id || ' ' || t.from_volume AS id, h.xact_id,
               ROW(h.vendor_id, h.period, extract(epoch FROM h.valid_from), t.rate_ppm,
                   t.fixed_amount)::text AS fact
        FROM royalty.schedules h JOIN royalty.tiers t ON t.schedule_id = h.schedule_id
        UNION ALL
        SELECT 'commission', c.commission_id::text, c.xact_id, ROW(c.vendor_id, c.per_user,
               c.deposit_rate_ppm, extract(epoch FROM c.valid_from))::text
        FROM royalty.commissions c
        UNION ALL
        SELECT 'owner list', l.owner_list_id || ' ' || coalesce(s.owner_id, ''), l.xact_id,
               ROW(l.vendor_id, l.content_url, extract(epoch FROM l.valid_from), s.share_ppm,
                   s.amount_per_sale)::text
        FROM royalty.owner_lists l
        LEFT JOIN royalty.owner_shares s ON s.owner_list_id = l.owner_list_id
        UNION ALL
        SELECT 'terms', t.terms_id::text, t.xact_id, ROW(t.payee_id, t.currency,
               extract(epoch FROM t.valid_from), t.amount_threshold, t.calendar, t.calendar_day,
               t.early_threshold, t.minimum, t.reserve, t.method)::text
        FROM settlement.terms t
        UNION ALL
        SELECT 'incentive', i.incentive_id::text, i.xact_id, ROW(i.vendor_id, i.currency, i.amount,
               i.count, extract(epoch FROM i.expires_at))::text
        FROM incentive.incentives i) x
    WHERE x.xact_id::text::bigint >= in_range.after_xact
      AND x.xact_id::text::bigint < in_range.below_xact
$$;
COMMENT ON FUNCTION audit.terms IS 'agreements of a range';

-- Every fact of a range that is never edited, as a text. What may have to be erased (a shipping
-- address) is no part of it. bucket: so that no hash is over more rows than fit in memory.
CREATE FUNCTION audit.facts(in_range audit.range)
RETURNS TABLE (source text, bucket text, id text, fact text)
LANGUAGE sql STABLE AS $$
    SELECT 'sale', left(s.transaction_id::text, 8), s.transaction_id::text,
           ROW(s.user_id, s.vendor_id, s.offer_id, s.price, s.incentive_id, s.incentive_amount,
               s.balance_after, s.currency, s.optional_data, extract(epoch FROM s.sold_at))::text
    FROM audit.sales(in_range) s
    UNION ALL
    SELECT 'accrual', left(a.accrual_id::text, 8), a.accrual_id::text,
           ROW(a.kind, a.vendor_id, a.rollup_id, a.subject_id, a.schedule_id, a.owner_list_id,
               a.volume_before, a.amount, a.royalty, a.content_exact, a.content_royalty)::text
    FROM audit.accruals(in_range) a
    UNION ALL
    SELECT 'refund', left(r.refund_id::text, 8), r.refund_id::text,
           ROW(r.transaction_id, r.vendor_id, r.amount, r.incentive_amount, r.reason,
               extract(epoch FROM r.refunded_at))::text
    FROM audit.refunds(in_range) r
    UNION ALL
    SELECT 'entry', left(e.entry_id::text, 8), e.entry_id::text,
           ROW(e.kind, extract(epoch FROM e.booked_at), e.reference, e.method)::text
    FROM audit.entries(in_range) e
    UNION ALL
    SELECT 'posting', left(e.entry_id::text, 8), e.entry_id || ' ' || p.line,
           ROW(p.account, p.holder, p.currency, p.amount)::text
    FROM audit.entries(in_range) e JOIN ledger.postings p ON p.entry_id = e.entry_id
    UNION ALL
    SELECT 'collection', '', e.entry_id || ' ' || coalesce(l.owner_number, 0),
           ROW(c.vendor_id, c.currency, c.after_rollup, c.until_rollup, l.exact, l.amount)::text
    FROM audit.entries(in_range) e JOIN royalty.collections c ON c.collection_id = e.entry_id
    LEFT JOIN royalty.collection_lines l ON l.collection_id = c.collection_id
    WHERE e.kind = 'collection'
    UNION ALL
    SELECT 'settlement', '', e.entry_id || ' ' || coalesce(l.kind, ''),
           ROW(t.payee_id, t.currency, t.terms_id, t.trigger, t.due_on, t.after_rollup,
               t.until_rollup, extract(epoch FROM t.after_time), extract(epoch FROM t.as_of),
               t.opening, t.amount, t.closing, l.count, l.amount)::text
    FROM audit.entries(in_range) e JOIN settlement.settlements t ON t.settlement_id = e.entry_id
    LEFT JOIN settlement.lines l ON l.settlement_id = t.settlement_id
    WHERE e.kind = 'settlement'
    UNION ALL
    SELECT * FROM audit.terms(in_range)
$$;
COMMENT ON FUNCTION audit.facts IS 'every fact of a range that is never edited';

CREATE FUNCTION audit.digest(in_range audit.range, OUT facts bigint, OUT hash bytea)
LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(b.facts), 0)::bigint,
           sha256(coalesce(string_agg(b.hash, '' ORDER BY b.source, b.bucket COLLATE "C"), ''))
    FROM (SELECT f.source, f.bucket, count(*) AS facts,
                 sha256(string_agg(sha256(convert_to(f.id || f.fact, 'UTF8')), ''
                                   ORDER BY f.id COLLATE "C")) AS hash
          FROM audit.facts(in_range) f GROUP BY 1, 2) b
$$;
COMMENT ON FUNCTION audit.digest IS 'number and hash of a range''s facts';

CREATE FUNCTION audit.link_hash(in_previous bytea, in_range audit.range, in_digest bytea)
RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(coalesce(in_previous, '') || int8send(in_range.below_xact) || in_digest)
$$;
COMMENT ON FUNCTION audit.link_hash IS 'a link of the chain';

-- Every link against its facts as they are now. A full audit's.
CREATE FUNCTION audit.check_history(in_range audit.range)
RETURNS SETOF audit.finding LANGUAGE sql STABLE AS $$
    SELECT 'history_rewritten', 'link ' || l.link_id || ', closed '
               || to_char(l.closed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
           l.facts || ' facts, ' || encode(l.hash, 'hex'),
           d.facts || ' facts, ' || encode(audit.link_hash(b.hash, r, d.hash), 'hex')
    FROM audit.links l
    LEFT JOIN audit.links b ON b.link_id = l.link_id - 1
    CROSS JOIN LATERAL audit.range(l.link_id - 1, l.link_id) r
    CROSS JOIN LATERAL audit.digest(r) d
    WHERE in_range.after_xact = 0
      AND (d.facts <> l.facts OR audit.link_hash(b.hash, r, d.hash) <> l.hash)
    UNION ALL
    SELECT 'link_missing', 'link ' || n, 'a link', 'none'
    FROM generate_series(1, (SELECT max(link_id) FROM audit.links)) n
    WHERE in_range.after_xact = 0 AND NOT EXISTS (SELECT FROM audit.links l WHERE l.link_id = n)
    UNION ALL
    -- The auditor's own running totals, from the beginning to the newest link.
    SELECT 'audit_total', concat_ws(' ', coalesce(t.kind, x.kind), coalesce(t.holder, x.holder),
                                    nullif(coalesce(t.detail, x.detail), '')),
           coalesce(x.amount, 0)::text, coalesce(t.amount, 0)::text
    FROM audit.totals t
    FULL JOIN (SELECT x.* FROM audit.range_totals(audit.range(0,
                  (SELECT max(l.link_id) FROM audit.links l))) x
               WHERE EXISTS (SELECT FROM audit.links)) x
         ON x.kind = t.kind AND x.holder = t.holder AND x.detail = t.detail
    WHERE in_range.after_xact = 0 AND coalesce(x.amount, 0) <> coalesce(t.amount, 0)
$$;
COMMENT ON FUNCTION audit.check_history IS 'no fact of a closed day was changed';
