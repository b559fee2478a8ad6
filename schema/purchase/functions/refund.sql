-- SPDX-License-Identifier: GPL-3.0-or-later
-- A vendor pays a sale back, whole or in parts (V14): entries of their own. What an incentive paid
-- goes back to who issued it, in proportion; the last part takes what rounding left. A whole
-- refund ends the licence; an order may then be paid again (V12).
--
-- in_amount: 10^-6; NULL: what is left. Raises FT002, FT003, FT005, FT009, FT010, FT011.
-- Locks: the user's wallet.

CREATE OR REPLACE FUNCTION purchase.refund(in_vendor_id int, in_credential_version int,
    in_transaction_id uuid, in_amount bigint, in_reason text, in_request_id text)
RETURNS TABLE (refund_id uuid, amount bigint, refunded_total bigint, state text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_answer jsonb;
    v_refund purchase.refunds;
    v_record purchase.transaction_record;
BEGIN
    PERFORM vendor.check(in_vendor_id, in_credential_version);
    v_answer := vendor.take_request(in_vendor_id, 'RefundTransaction', in_request_id,
        ROW(in_transaction_id, in_amount, in_reason)::text);
    IF v_answer IS NULL THEN
        v_refund := purchase.book_refund(in_vendor_id, in_transaction_id, in_amount, in_reason);
        v_record := purchase.record(in_transaction_id);
        v_answer := jsonb_build_object('refund_id', v_refund.refund_id,
            'amount', v_refund.amount, 'total', v_record.refunded_amount,
            'state', v_record.state);
        PERFORM vendor.answer_request(in_vendor_id, 'RefundTransaction', in_request_id, v_answer);
    END IF;
    RETURN QUERY SELECT (v_answer->>'refund_id')::uuid, (v_answer->>'amount')::bigint,
        (v_answer->>'total')::bigint, v_answer->>'state';
END
$$;
COMMENT ON FUNCTION purchase.refund IS 'pays a sale back, whole or in part (V14)';

CREATE OR REPLACE FUNCTION purchase.book_refund(in_vendor_id int, in_transaction_id uuid,
    in_amount bigint, in_reason text)
RETURNS purchase.refunds LANGUAGE plpgsql AS $$
DECLARE
    v_sale    purchase.sales;
    v_paid    bigint;
    v_left    bigint;
    v_refund  purchase.refunds;
BEGIN
    SELECT * INTO v_sale FROM purchase.sales s
    WHERE s.transaction_id = in_transaction_id AND s.vendor_id = in_vendor_id;
    IF NOT FOUND THEN
        PERFORM farthing.refuse(CASE WHEN EXISTS (
            SELECT FROM purchase.transactions t JOIN purchase.offers o ON o.offer_id = t.offer_id
            WHERE t.transaction_id = in_transaction_id AND o.vendor_id = in_vendor_id)
            THEN 'FT010' ELSE 'FT005' END, in_transaction_id::text);
    END IF;
    PERFORM FROM account.wallets w
    WHERE w.user_id = v_sale.user_id AND w.currency = v_sale.currency FOR NO KEY UPDATE;

    v_paid := v_sale.price - v_sale.incentive_amount;
    SELECT v_paid - coalesce(sum(r.amount), 0),
           v_sale.incentive_amount - coalesce(sum(r.incentive_amount), 0)
    INTO v_left, v_refund.incentive_amount
    FROM purchase.refunds r WHERE r.transaction_id = in_transaction_id;
    v_refund.amount := coalesce(in_amount, v_left);
    IF v_left = 0 AND v_refund.incentive_amount = 0 THEN
        PERFORM farthing.refuse('FT010', in_transaction_id::text);
    ELSIF v_refund.amount > v_left THEN
        PERFORM farthing.refuse('FT011', in_transaction_id::text);
    ELSIF v_refund.amount < v_left THEN
        v_refund.incentive_amount := div(v_sale.incentive_amount::numeric * v_refund.amount,
                                         v_paid)::bigint;
    END IF;

    v_refund.refund_id := ledger.book('refund', purchase.new_transaction_id()::text, NULL,
        l.accounts, l.holders, v_sale.currency, l.amounts)
    FROM (SELECT array_agg(p.account) AS accounts, array_agg(p.holder) AS holders,
                 array_agg(p.amount) AS amounts
          FROM (VALUES ('user_wallet', v_sale.user_id, v_refund.amount),
                       ('vendor_payable', in_vendor_id, -v_refund.amount
                                                        - v_refund.incentive_amount),
                       (incentive.account(v_sale.incentive_id),
                        incentive.holder(v_sale.incentive_id), v_refund.incentive_amount)
               ) AS p (account, holder, amount) WHERE p.amount <> 0) l;

    INSERT INTO purchase.refunds (refund_id, transaction_id, vendor_id, amount, incentive_amount,
                                  reason)
    VALUES (v_refund.refund_id, in_transaction_id, in_vendor_id, v_refund.amount,
            v_refund.incentive_amount, in_reason)
    RETURNING * INTO v_refund;
    IF v_refund.amount = v_left THEN
        UPDATE license.licenses n SET refunded_at = now()
        WHERE n.user_id = v_sale.user_id AND n.transaction_id = in_transaction_id;
        DELETE FROM purchase.paid_orders p USING purchase.offers o
        WHERE o.offer_id = v_sale.offer_id AND p.content_id = o.content_id
          AND p.transaction_id = in_transaction_id;
    END IF;
    PERFORM notification.add(in_vendor_id, 'refunded', in_transaction_id);
    RETURN v_refund;
END
$$;
COMMENT ON FUNCTION purchase.book_refund IS 'books one refund of a sale';
