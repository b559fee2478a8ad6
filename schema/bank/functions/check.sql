-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a bank would refuse: numbers of accounts, banks and creditors with wrong check digits.
-- Constraints of tables use these functions, so that they come before the tables. src/bank/check.c
-- says the same before anything is sent to the database.

CREATE SCHEMA IF NOT EXISTS bank;

-- Of a text of digits and capital letters, as ISO 7064 reads it: A is 10, Z is 35.
CREATE OR REPLACE FUNCTION bank.mod97(in_text text)
RETURNS int LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT (string_agg(CASE WHEN c BETWEEN '0' AND '9' THEN c ELSE (ascii(c) - 55)::text END, ''
                       ORDER BY n)::numeric % 97)::int
    FROM string_to_table(in_text, NULL) WITH ORDINALITY AS t (c, n)
$$;
COMMENT ON FUNCTION bank.mod97(text) IS 'remainder of ISO 7064 by 97';

-- How long an account's number is in a country, by the registry of ISO 13616. NULL: not in it.
CREATE OR REPLACE FUNCTION bank.iban_length(in_country text)
RETURNS int LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT substring(
        'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 '
        'DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 '
        'IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 '
        'MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 '
        'SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
        from in_country || '([0-9]{2})')::int
$$;
COMMENT ON FUNCTION bank.iban_length(text) IS 'length of an IBAN of a country';

-- NULL: in order, as machines write it, without blanks.
CREATE OR REPLACE FUNCTION bank.iban_problem(in_iban text)
RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE
        WHEN in_iban !~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}$'
            THEN 'not a country, two check digits and capital letters or digits'
        WHEN bank.iban_length(left(in_iban, 2)) IS NULL THEN 'of no country that has IBANs'
        WHEN bank.iban_length(left(in_iban, 2)) <> length(in_iban)
            THEN 'not as long as those of its country'
        WHEN substr(in_iban, 3, 2) NOT BETWEEN '02' AND '98'
             OR bank.mod97(substr(in_iban, 5) || left(in_iban, 4)) <> 1
            THEN 'mistyped: its check digits are wrong'
    END
$$;
COMMENT ON FUNCTION bank.iban_problem(text) IS 'what is wrong with an IBAN; NULL: nothing';

CREATE OR REPLACE FUNCTION bank.bic_problem(in_bic text)
RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN in_bic !~ '^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$'
                THEN 'not a BIC of 8 or 11 capital letters and digits' END
$$;
COMMENT ON FUNCTION bank.bic_problem(text) IS 'what is wrong with a BIC; NULL: nothing';

-- Of the SEPA scheme: the country, check digits over all but the creditor's own business code.
CREATE OR REPLACE FUNCTION bank.creditor_id_problem(in_creditor_id text)
RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE
        WHEN in_creditor_id !~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{3}[A-Z0-9]{1,28}$'
            THEN 'not a country, two check digits, three characters and a national number'
        WHEN bank.mod97(substr(in_creditor_id, 8) || left(in_creditor_id, 4)) <> 1
            THEN 'mistyped: its check digits are wrong'
    END
$$;
COMMENT ON FUNCTION bank.creditor_id_problem(text) IS
    'what is wrong with an identifier of a creditor of direct debits; NULL: nothing';

-- Refuses what a bank would. Raises FT040.
CREATE OR REPLACE FUNCTION bank.require_account(in_iban text, in_bic text)
RETURNS void LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF in_iban IS NULL OR bank.iban_problem(in_iban) IS NOT NULL THEN
        PERFORM farthing.refuse_parameter('IBAN', 'an account''s number with right check digits', in_iban);
    END IF;
    IF bank.bic_problem(in_bic) IS NOT NULL THEN
        PERFORM farthing.refuse_parameter('BIC', '8 or 11 letters and digits of ISO 9362', in_bic);
    END IF;
END
$$;
COMMENT ON FUNCTION bank.require_account(text, text) IS 'refuses a wrong IBAN or BIC';
