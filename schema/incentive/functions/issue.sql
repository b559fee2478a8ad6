-- SPDX-License-Identifier: GPL-3.0-or-later
-- Issuing incentive tokens (V14, U15).
--
-- in_amount: what each code pays, 10^-6. in_codes: made by the service, unguessable. The cost is
-- booked when a code pays. Raises FT002, FT003, FT009, FT010 (a code exists already), FT040 (it
-- would have expired).

CREATE OR REPLACE FUNCTION incentive.add(in_vendor_id int, in_currency text, in_amount bigint,
    in_expires_at timestamptz, in_codes text[])
RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    v_incentive_id int;
BEGIN
    IF in_expires_at <= now() THEN
        PERFORM farthing.refuse_parameter('ExpiresAt', 'in the future',
            to_char(in_expires_at AT TIME ZONE 'GMT', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'));
    END IF;
    INSERT INTO incentive.incentives (vendor_id, currency, amount, count, expires_at)
    VALUES (in_vendor_id, in_currency, in_amount, cardinality(in_codes), in_expires_at)
    RETURNING incentive_id INTO v_incentive_id;
    INSERT INTO incentive.codes (code, incentive_id, remaining)
    SELECT c, v_incentive_id, in_amount FROM unnest(in_codes) c;
    RETURN v_incentive_id;
EXCEPTION WHEN unique_violation THEN
    PERFORM farthing.refuse('FT010', 'incentive code');
END
$$;
COMMENT ON FUNCTION incentive.add IS 'stores an issue of codes';

CREATE OR REPLACE FUNCTION incentive.issue(in_vendor_id int, in_credential_version int,
    in_amount bigint, in_expires_at timestamptz, in_codes text[], in_prefix text,
    in_request_id text)
RETURNS TABLE (incentive_id int, codes text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_answer jsonb;
BEGIN
    PERFORM vendor.check(in_vendor_id, in_credential_version);
    v_answer := vendor.take_request(in_vendor_id, 'IssueIncentive', in_request_id,
        ROW(in_amount, extract(epoch FROM in_expires_at), cardinality(in_codes), in_prefix)::text);
    IF v_answer IS NULL THEN
        v_answer := jsonb_build_object(
            'incentive_id', incentive.add(in_vendor_id, vendor.currency(in_vendor_id), in_amount,
                                          in_expires_at, in_codes),
            'codes', to_jsonb(in_codes));
        PERFORM vendor.answer_request(in_vendor_id, 'IssueIncentive', in_request_id, v_answer);
    END IF;
    RETURN QUERY SELECT (v_answer->>'incentive_id')::int,
        ARRAY(SELECT c FROM jsonb_array_elements_text(v_answer->'codes') WITH ORDINALITY j (c, n)
              ORDER BY n);
END
$$;
COMMENT ON FUNCTION incentive.issue IS 'a vendor issues incentive tokens (V14, U15)';

-- The provider's own, usable at every vendor of the currency. Raises FT031, FT010, FT040.
CREATE OR REPLACE FUNCTION incentive.issue_by_provider(in_currency text, in_amount bigint,
    in_expires_at timestamptz, in_codes text[])
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM ledger.require_currency(in_currency);
    RETURN incentive.add(NULL, in_currency, in_amount, in_expires_at, in_codes);
END
$$;
COMMENT ON FUNCTION incentive.issue_by_provider IS 'the provider issues incentive tokens (U15)';
