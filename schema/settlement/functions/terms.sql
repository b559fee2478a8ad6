-- SPDX-License-Identifier: GPL-3.0-or-later
-- What is agreed with vendors and content owners about their settlements (O6, O7, 206, 207, 269).

CREATE OR REPLACE VIEW settlement.payee_list AS
    SELECT p.payee_id, p.vendor_id, p.owner_number, o.owner_id,
           coalesce(v.name, o.name, o.owner_id) AS name,
           coalesce(v.time_zone, o.time_zone) AS time_zone, coalesce(v.sandbox, false) AS sandbox
    FROM settlement.payees p
    LEFT JOIN vendor.vendors v ON v.vendor_id = p.vendor_id
    LEFT JOIN royalty.owners o ON o.owner_number = p.owner_number;
COMMENT ON VIEW settlement.payee_list IS 'payees with their names and time zones';

CREATE OR REPLACE VIEW settlement.current_terms AS
    SELECT DISTINCT ON (t.payee_id, t.currency) t.*
    FROM settlement.terms t WHERE t.valid_from <= clock_timestamp()
    ORDER BY t.payee_id, t.currency, t.valid_from DESC, t.terms_id DESC;
COMMENT ON VIEW settlement.current_terms IS 'the terms of each payee and currency that hold now';

-- Adds terms of a payee, valid from in_valid_from on; NULL and what is past mean now, so that no
-- settlement that was made could have used them. Returns terms_id. Raises FT040 with what is wrong.
CREATE OR REPLACE FUNCTION settlement.add_terms(in_payee_id bigint, in_currency text,
    in_amount_threshold bigint, in_calendar text, in_calendar_day int, in_early_threshold bigint,
    in_minimum bigint, in_reserve bigint, in_method text, in_creditor_name text,
    in_creditor_iban text, in_creditor_bic text, in_creditor_address text,
    in_valid_from timestamptz)
RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    v_wrong text[] := CASE
        WHEN (in_amount_threshold > 0) IS NOT TRUE
            THEN ARRAY['amount threshold', 'above 0', (in_amount_threshold * 0.000001)::text]
        WHEN (in_calendar IN ('any_day', 'weekly', 'twice_monthly', 'monthly', 'day_of_month'))
             IS NOT TRUE
            THEN ARRAY['calendar', 'any_day, weekly, twice_monthly, monthly or day_of_month',
                       in_calendar]
        WHEN in_calendar IN ('weekly', 'day_of_month') <> (in_calendar_day IS NOT NULL)
          OR NOT in_calendar_day BETWEEN 1 AND CASE in_calendar WHEN 'weekly' THEN 7 ELSE 31 END
            THEN ARRAY['calendar day', '1 to 7 if weekly, 1 to 31 if day_of_month, else none',
                       in_calendar_day::text]
        WHEN in_early_threshold < in_amount_threshold
            THEN ARRAY['early threshold', 'no less than the amount threshold',
                       (in_early_threshold * 0.000001)::text]
        WHEN in_minimum < 0 THEN ARRAY['minimum', '0 or above', (in_minimum * 0.000001)::text]
        WHEN in_reserve < 0 THEN ARRAY['reserve', '0 or above', (in_reserve * 0.000001)::text]
        WHEN (in_method IN ('credit_transfer', 'check')) IS NOT TRUE
            THEN ARRAY['method', 'credit_transfer or check', in_method]
        WHEN coalesce(btrim(in_creditor_name), '') = ''
            THEN ARRAY['creditor name', 'a name', in_creditor_name]
        WHEN in_method = 'credit_transfer' AND coalesce(in_creditor_iban, '') = ''
            THEN ARRAY['creditor IBAN', 'given for a credit_transfer', in_creditor_iban]
        WHEN bank.iban_problem(in_creditor_iban) IS NOT NULL
            THEN ARRAY['creditor IBAN', 'an account''s number with right check digits',
                       in_creditor_iban]
        WHEN bank.bic_problem(in_creditor_bic) IS NOT NULL
            THEN ARRAY['creditor BIC', '8 or 11 letters and digits of ISO 9362',
                       in_creditor_bic] END;
    v_terms_id int;
BEGIN
    IF v_wrong IS NOT NULL THEN
        PERFORM farthing.refuse_parameter(v_wrong[1], v_wrong[2], v_wrong[3]);
    END IF;
    INSERT INTO settlement.terms (payee_id, currency, valid_from, amount_threshold, calendar,
        calendar_day, early_threshold, minimum, reserve, method, creditor_name, creditor_iban,
        creditor_bic, creditor_address)
    VALUES (in_payee_id, in_currency, greatest(in_valid_from, clock_timestamp()),
        in_amount_threshold, in_calendar, in_calendar_day, in_early_threshold,
        coalesce(in_minimum, 0), coalesce(in_reserve, 0), in_method, in_creditor_name,
        in_creditor_iban, in_creditor_bic, in_creditor_address)
    RETURNING terms_id INTO v_terms_id;
    RETURN v_terms_id;
END
$$;
COMMENT ON FUNCTION settlement.add_terms IS 'adds terms of a payee';

-- Amounts in 10^-6 of the vendor's currency. in_calendar_day: weekly 1 (Monday) to 7, day_of_month
-- 1 to 31; else NULL. in_early_threshold NULL: between the days nothing is paid.
-- Raises FT030, FT010 (a sandbox vendor is never paid), FT040.
CREATE OR REPLACE FUNCTION settlement.set_vendor_terms(in_vendor_id int,
    in_amount_threshold bigint, in_calendar text, in_calendar_day int DEFAULT NULL,
    in_early_threshold bigint DEFAULT NULL, in_minimum bigint DEFAULT 0,
    in_reserve bigint DEFAULT 0, in_method text DEFAULT 'credit_transfer',
    in_creditor_name text DEFAULT NULL, in_creditor_iban text DEFAULT NULL,
    in_creditor_bic text DEFAULT NULL, in_creditor_address text DEFAULT NULL,
    in_valid_from timestamptz DEFAULT NULL)
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_vendor   vendor.vendors;
    v_payee_id bigint;
BEGIN
    SELECT * INTO v_vendor FROM vendor.vendors v WHERE v.vendor_id = in_vendor_id;
    IF NOT FOUND OR v_vendor.sandbox THEN
        PERFORM farthing.refuse(CASE WHEN FOUND THEN 'FT010' ELSE 'FT030' END, in_vendor_id::text);
    END IF;
    INSERT INTO settlement.payees (vendor_id) VALUES (in_vendor_id)
    ON CONFLICT (vendor_id) DO UPDATE SET vendor_id = excluded.vendor_id
    RETURNING payee_id INTO v_payee_id;
    RETURN settlement.add_terms(v_payee_id, v_vendor.currency, in_amount_threshold, in_calendar,
        in_calendar_day, in_early_threshold, in_minimum, in_reserve, in_method,
        coalesce(in_creditor_name, v_vendor.name), in_creditor_iban, in_creditor_bic,
        in_creditor_address, in_valid_from);
END
$$;
COMMENT ON FUNCTION settlement.set_vendor_terms IS 'when and how a vendor is paid from now on (O6)';

-- As set_vendor_terms, of an owner and one currency. Raises FT034, FT031, FT010 (play money), FT040.
CREATE OR REPLACE FUNCTION settlement.set_owner_terms(in_owner_id text, in_currency text,
    in_amount_threshold bigint, in_calendar text, in_calendar_day int DEFAULT NULL,
    in_early_threshold bigint DEFAULT NULL, in_minimum bigint DEFAULT 0,
    in_reserve bigint DEFAULT 0, in_method text DEFAULT 'credit_transfer',
    in_creditor_name text DEFAULT NULL, in_creditor_iban text DEFAULT NULL,
    in_creditor_bic text DEFAULT NULL, in_creditor_address text DEFAULT NULL,
    in_valid_from timestamptz DEFAULT NULL)
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_owner    royalty.owners;
    v_payee_id bigint;
BEGIN
    PERFORM ledger.require_currency(in_currency);
    SELECT * INTO v_owner FROM royalty.owners o WHERE o.owner_id = in_owner_id;
    IF NOT FOUND OR in_currency = 'XTS' THEN
        PERFORM farthing.refuse(CASE WHEN FOUND THEN 'FT010' ELSE 'FT034' END, in_owner_id);
    END IF;
    INSERT INTO settlement.payees (owner_number) VALUES (v_owner.owner_number)
    ON CONFLICT (owner_number) DO UPDATE SET owner_number = excluded.owner_number
    RETURNING payee_id INTO v_payee_id;
    RETURN settlement.add_terms(v_payee_id, in_currency, in_amount_threshold, in_calendar,
        in_calendar_day, in_early_threshold, in_minimum, in_reserve, in_method,
        coalesce(in_creditor_name, v_owner.name), in_creditor_iban, in_creditor_bic,
        in_creditor_address, in_valid_from);
END
$$;
COMMENT ON FUNCTION settlement.set_owner_terms IS
    'when and how a content owner is paid from now on (O7)';
