-- SPDX-License-Identifier: GPL-3.0-or-later
-- Who may do what. Nobody but the owner touches a table; whoever writes does so by a function.

DO $$
DECLARE
    v_schema text;
BEGIN
    FOREACH v_schema IN ARRAY ARRAY['farthing', 'account', 'vendor', 'purchase', 'license',
                                    'ledger', 'key', 'incentive', 'royalty',
                                    'settlement', 'notification'] LOOP
        EXECUTE format('REVOKE ALL ON ALL FUNCTIONS IN SCHEMA %I '
                       'FROM PUBLIC, farthing_daemon, farthing_dba, farthing_auditor', v_schema);
        EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I '
                       'FROM PUBLIC, farthing_daemon, farthing_dba, farthing_auditor', v_schema);
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO farthing_daemon, farthing_dba, '
                       'farthing_auditor', v_schema);
    END LOOP;
END
$$;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

GRANT EXECUTE ON FUNCTION farthing.schema_version()
    TO farthing_daemon, farthing_dba, farthing_auditor;

-- The daemon: what vendors and users ask for, and its own upkeep.
GRANT EXECUTE ON FUNCTION
    purchase.initiate_batch, purchase.view_batch, purchase.buy_batch, purchase.cancel, purchase.quote,
    purchase.offer_again, purchase.offer_item, purchase.maintain_partitions,
    license.lock_content_batch, license.reopen, license.list,
    account.register, account.find_credential, account.start_login, account.end_login,
    account.summary, account.list_wallets, account.list_transactions,
    vendor.find_credential, vendor.require_url, vendor.account, vendor.change_password,
    vendor.find_security_secret, vendor.find_certificate, vendor.admits_certificate,
    vendor.take_nonce, vendor.forget_nonces,
    purchase.get, purchase.list, purchase.refund, settlement.list, incentive.issue,
    royalty.set_content_owners, notification.claim, notification.delivered, notification.failed,
    notification.count_waiting, key.list, key.add, farthing.forget
    TO farthing_daemon;

-- The DBA: what an operator does, and everything that can be read.
GRANT EXECUTE ON FUNCTION
    account.register, account.receive_funds, account.set_limits, account.set_disabled,
    vendor.add, vendor.set_password, vendor.set_disabled, vendor.set_security_secret,
    vendor.add_certificate, vendor.disable_certificate, purchase.maintain_partitions,
    incentive.issue_by_provider, notification.set_endpoint, notification.redeliver
    TO farthing_dba;
GRANT SELECT ON farthing.errors, farthing.versions, ledger.all_postings, ledger.trial_balance,
    ledger.wallet_differences, ledger.tokens_sold, ledger.currencies
    TO farthing_dba, farthing_auditor;

-- The auditor reads the facts themselves, but no password hash, no key and nobody's address.
GRANT SELECT ON purchase.offers, purchase.transactions, license.licenses,
    ledger.entries, ledger.postings, account.wallets, vendor.urls, purchase.refunds,
    purchase.paid_orders, incentive.incentives, royalty.owner_lists, royalty.owner_shares,
    settlement.settlements, notification.events
    TO farthing_dba, farthing_auditor;
GRANT SELECT (user_id, registered_at, disabled_at, via_vendor_id) ON account.users
    TO farthing_dba, farthing_auditor;
GRANT SELECT (transaction_id, user_id, vendor_id, offer_id, price, incentive_id, incentive_amount,
              balance_after, currency, optional_data, sold_at, xact_id) ON purchase.sales
    TO farthing_dba, farthing_auditor;
GRANT SELECT (vendor_id, name, currency, disabled_at, registered_at) ON vendor.vendors
    TO farthing_dba, farthing_auditor;
GRANT SELECT ON vendor.certificates TO farthing_dba, farthing_auditor;
