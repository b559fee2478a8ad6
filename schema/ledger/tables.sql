-- SPDX-License-Identifier: GPL-3.0-or-later
-- The ledger: entries whose postings sum to zero in each currency. A sale is an entry of its own
-- kind, kept in purchase.sales; the view ledger.all_postings shows both.

CREATE SCHEMA ledger;

CREATE TABLE ledger.currencies (
    currency text PRIMARY KEY CHECK (currency ~ '^[A-Z]{3}$')
);
COMMENT ON TABLE ledger.currencies IS 'codes of ISO 4217 in which accounts can be held; XTS, its test code, is the sandbox''s play money';

INSERT INTO ledger.currencies SELECT unnest(string_to_array(
    'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP '
    'BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP '
    'GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR '
    'KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK '
    'MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR '
    'SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS '
    'UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF XTS YER ZAR ZMW ZWG', ' '));

CREATE TABLE ledger.entries (
    entry_id  uuid PRIMARY KEY,
    kind      text NOT NULL CHECK (kind IN ('deposit', 'bonus', 'refund')),
    booked_at timestamptz NOT NULL DEFAULT now(),
    reference text NOT NULL,
    method    text,
    UNIQUE (kind, reference)
);
COMMENT ON TABLE ledger.entries IS 'one booking each; the same reference is booked once';

CREATE TABLE ledger.postings (
    entry_id uuid NOT NULL REFERENCES ledger.entries,
    line     int NOT NULL,
    account  text NOT NULL
             CHECK (account IN ('user_wallet', 'vendor_payable', 'funds_held', 'bonus_expense',
                                'incentive_expense')),
    holder   bigint NOT NULL,
    currency text NOT NULL REFERENCES ledger.currencies,
    amount   farthing.money NOT NULL CHECK (amount <> 0),
    PRIMARY KEY (entry_id, line)
);
CREATE INDEX postings_by_holder ON ledger.postings (account, holder, entry_id);
COMMENT ON TABLE ledger.postings IS
    'lines of an entry; what an account owes its holder is positive';
COMMENT ON COLUMN ledger.postings.holder IS
    'user_id or vendor_id; 0 for the provider''s own accounts';
