-- SPDX-License-Identifier: GPL-3.0-or-later
-- Who may do what. Nobody but the owner touches a table; whoever writes does so by a function.

DO $$
DECLARE
    v_schema text;
BEGIN
    FOREACH v_schema IN ARRAY ARRAY['farthing', 'account', 'vendor', 'purchase', 'license',
                                    'ledger', 'key', 'incentive', 'royalty',
                                    'settlement', 'notification', 'audit', 'bank'] LOOP
        EXECUTE format('REVOKE ALL ON ALL ROUTINES IN SCHEMA %I '
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
    royalty.set_content_owners, royalty.roll_up, royalty.horizon, royalty.waiting_since,
    notification.claim, notification.delivered, notification.failed, notification.count_waiting,
    key.list, key.add, farthing.forget
    TO farthing_daemon;

-- The DBA: what an operator does, and everything that can be read.
GRANT EXECUTE ON FUNCTION
    account.register, account.receive_funds, account.set_limits, account.set_disabled,
    vendor.add, vendor.set_password, vendor.set_disabled, vendor.set_security_secret,
    vendor.add_certificate, vendor.disable_certificate, purchase.maintain_partitions,
    incentive.issue_by_provider, notification.set_endpoint, notification.redeliver,
    account.find_payment_reference, bank.set_account, bank.add_mandate, bank.end_mandate,
    bank.request_debit, bank.order_transfers, bank.order_debits, bank.find_file, bank.list_lines,
    bank.written, bank.open_statement, bank.read_entries, bank.close_statement, bank.read_status,
    bank.list_queue, bank.assign, bank.dismiss,
    royalty.roll_up, royalty.horizon, royalty.waiting_since, royalty.set_schedule,
    royalty.set_commission, royalty.set_owners, royalty.register_owner, royalty.collect, farthing.rest
    TO farthing_dba;
GRANT EXECUTE ON PROCEDURE farthing.next_slice, royalty.roll_up_all, royalty.collect_all TO farthing_dba;
GRANT SELECT ON farthing.errors, farthing.versions, ledger.all_postings, ledger.trial_balance,
    ledger.wallet_differences, ledger.tokens_sold, ledger.currencies,
    ledger.tokens_by_day, royalty.by_period, royalty.owner_statement, settlement.vendor_statement
    TO farthing_dba, farthing_auditor;

GRANT EXECUTE ON FUNCTION settlement.statement TO farthing_dba, farthing_auditor;
GRANT EXECUTE ON FUNCTION audit.run, audit.scope, audit.close TO farthing_auditor;

-- The auditor reads the facts themselves, but no password hash, no key and nobody's address.
GRANT SELECT ON purchase.offers, purchase.transactions, license.licenses,
    ledger.entries, ledger.postings, account.wallets, vendor.urls, purchase.refunds,
    purchase.paid_orders, incentive.incentives, royalty.owner_lists, royalty.owner_shares,
    notification.events, royalty.schedules, royalty.tiers, royalty.volumes,
    royalty.commissions, royalty.accruals, royalty.all_accruals, royalty.vendor_days,
    royalty.vendor_carries, royalty.progress, royalty.owner_accounts, royalty.collections,
    royalty.collection_lines
    TO farthing_dba, farthing_auditor;
GRANT SELECT (user_id, registered_at, disabled_at, via_vendor_id) ON account.users
    TO farthing_dba, farthing_auditor;
GRANT SELECT (transaction_id, user_id, vendor_id, offer_id, price, incentive_id, incentive_amount,
              balance_after, currency, optional_data, sold_at, xact_id) ON purchase.sales
    TO farthing_dba, farthing_auditor;
GRANT SELECT (owner_number, owner_id, name, time_zone, registered_at) ON royalty.owners
    TO farthing_dba, farthing_auditor;
GRANT SELECT (vendor_id, name, currency, time_zone, disabled_at, registered_at) ON vendor.vendors
    TO farthing_dba, farthing_auditor;
GRANT SELECT ON vendor.certificates TO farthing_dba, farthing_auditor;

-- Settlement: a DBA or cron runs it, a treasurer pays, an auditor reads all but names and addresses.
GRANT EXECUTE ON FUNCTION
    settlement.set_vendor_terms, settlement.set_owner_terms, settlement.hold, settlement.release,
    settlement.count_payees, settlement.settle_slice, settlement.mark_payout,
    settlement.return_payout, settlement.list_payouts, settlement.show, settlement.explain
    TO farthing_dba;
GRANT EXECUTE ON PROCEDURE
    settlement.settle_all, settlement.settle_vendors, settlement.settle_owners
    TO farthing_dba;
GRANT SELECT ON settlement.payees, settlement.holds, settlement.positions, settlement.settlements,
    settlement.lines TO farthing_dba, farthing_auditor;
GRANT SELECT (terms_id, payee_id, currency, valid_from, amount_threshold, calendar, calendar_day,
              early_threshold, minimum, reserve, method, creditor_iban, creditor_bic)
    ON settlement.terms TO farthing_dba, farthing_auditor;
GRANT SELECT (payout_id, settlement_id, end_to_end_id, currency, amount, method, creditor_iban,
              creditor_bic, state, created_at, changed_at, bank_reference, reason, again_in)
    ON settlement.payouts TO farthing_dba, farthing_auditor;

-- Of banks: what was ordered and what happened, but no user's name, account or words.
GRANT SELECT ON bank.accounts, bank.files, bank.file_lines, bank.debits, bank.statements
    TO farthing_dba, farthing_auditor;
GRANT SELECT (entry_id, account_id, entry_key, part, statement_number, position, amount,
              amount_text, currency, booked_on, is_reversal, is_return, end_to_end_id, batch_id,
              bank_reference, state, reason, ledger_id, user_id, payout_id, debit_id)
    ON bank.entries TO farthing_dba, farthing_auditor;
