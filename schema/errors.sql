-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every refusal that a function of this database raises. src/core/error.h has the same list.

INSERT INTO farthing.errors (sqlstate, name, description) VALUES
    ('FT001', 'AUTHENTICATION_FAILED', 'unknown vendor or user, or a wrong password'),
    ('FT002', 'CREDENTIAL_CHANGED', 'the remembered password is out of date'),
    ('FT003', 'VENDOR_DISABLED', 'the vendor may not sell'),
    ('FT004', 'URL_NOT_REGISTERED', 'the content URL is under no URL that the vendor registered'),
    ('FT005', 'TRANSACTION_NOT_FOUND', 'no such transaction'),
    ('FT006', 'TRANSACTION_EXPIRED', 'nobody bought it in time'),
    ('FT007', 'TRANSACTION_CANCELLED', 'the user declined it'),
    ('FT008', 'TRANSACTION_TAKEN', 'another user bought it'),
    ('FT009', 'IDEMPOTENCY_CONFLICT', 'the same request ID came with other parameters'),
    ('FT010', 'INVALID_STATE', 'not possible in this state'),
    ('FT011', 'AMOUNT_EXCEEDS_REMAINING', 'more than what is left'),
    ('FT020', 'INSUFFICIENT_FUNDS', 'balance and credit line do not cover the price'),
    ('FT021', 'LIMIT_TRANSACTION', 'the spending limit of one purchase would be passed'),
    ('FT022', 'LIMIT_SESSION', 'the spending limit from login to logout would be passed'),
    ('FT023', 'LIMIT_DAY', 'the spending limit of the day would be passed'),
    ('FT024', 'LIMIT_WEEK', 'the spending limit of the week would be passed'),
    ('FT025', 'LIMIT_MONTH', 'the spending limit of the month would be passed'),
    ('FT026', 'ACCOUNT_DISABLED', 'the account is disabled'),
    ('FT027', 'LOGIN_ENDED', 'not logged in any more'),
    ('FT028', 'LOGIN_NAME_TAKEN', 'another user has this login name'),
    ('FT029', 'USER_NOT_FOUND', 'no such user'),
    ('FT030', 'VENDOR_NOT_FOUND', 'no such vendor'),
    ('FT031', 'CURRENCY_UNKNOWN', 'not a currency of ISO 4217'),
    ('FT032', 'ENTRY_UNBALANCED', 'the postings of an entry do not sum to zero'),
    ('FT033', 'CONTENT_NOT_FOUND', 'never offered, or the user has no licence for it'),
    ('FT034', 'OWNER_NOT_FOUND', 'no such content owner'),
    ('FT060', 'SETTLEMENT_NOT_FOUND', 'no such settlement'),
    ('FT061', 'PAYOUT_NOT_FOUND', 'no such payout'),
    ('FT062', 'TERMS_NOT_FOUND', 'no terms of settlement were agreed'),
    ('FT035', 'ROLLUP_AHEAD', 'this cluster''s transaction numbers are lower than those already rolled up: raise its next one with pg_resetwal'),
    ('FT050', 'INCENTIVE_INVALID', 'the incentive code is unknown, expired, used up or not for this item'),
    ('FT070', 'AUDIT_FAILED', 'the books are not right, and were not closed'),
    ('FT051', 'PRICE_CHANGED', 'the user would pay more than was shown'),
    ('FT040', 'INVALID_PARAMETER', 'a parameter is not what it must be')
ON CONFLICT (sqlstate) DO UPDATE SET name = excluded.name, description = excluded.description;

-- Raises a refusal by its SQLSTATE, with the registry's words and what it is about.
CREATE OR REPLACE FUNCTION farthing.refuse(in_sqlstate text, in_subject text DEFAULT NULL)
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = in_sqlstate,
        MESSAGE = (SELECT e.description FROM farthing.errors e WHERE e.sqlstate = in_sqlstate),
        DETAIL = coalesce(in_subject, '');
END
$$;
COMMENT ON FUNCTION farthing.refuse(text, text) IS 'raises a registered refusal';

-- Raises FT040 for a parameter: its name, what it must be, and what it was, which is shown to who
-- called. Never a secret.
CREATE OR REPLACE FUNCTION farthing.refuse_parameter(in_parameter text, in_rule text, in_value text)
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'FT040',
        MESSAGE = (SELECT e.description FROM farthing.errors e WHERE e.sqlstate = 'FT040'),
        COLUMN = in_parameter, HINT = in_rule, DETAIL = coalesce(in_value, '');
END
$$;
COMMENT ON FUNCTION farthing.refuse_parameter IS 'refuses a parameter with the rule and the value';

CREATE OR REPLACE FUNCTION farthing.schema_version()
RETURNS int LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT max(version) FROM farthing.versions $$;
COMMENT ON FUNCTION farthing.schema_version() IS 'number of the newest migration that was run';
