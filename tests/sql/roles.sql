-- SPDX-License-Identifier: GPL-3.0-or-later
-- What each role may do, and above all what it may not.
BEGIN;
SELECT no_plan();
SELECT test.vendor() AS vendor \gset
SELECT test.person(1000) AS alice \gset
SELECT test.offer(:vendor, 5) AS bought \gset
SELECT is(test.buy(:'bought', :'alice'), 'charged', 'there is something to see');

CREATE VIEW pg_temp.relations AS
    SELECT c.oid, c.oid::regclass::text AS name, c.relowner, c.relkind FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'S') AND n.nspowner = to_regrole('farthing_owner');
CREATE VIEW pg_temp.functions AS
    SELECT p.oid, n.nspname || '.' || p.proname AS name, p.proowner, p.prosecdef, p.proconfig,
           p.prokind
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspowner = to_regrole('farthing_owner');
CREATE VIEW pg_temp.roles AS
    SELECT unnest('{farthing_daemon,farthing_dba,farthing_auditor}'::text[]) AS role;

-- 'done', or the SQLSTATE with which the role is stopped; nothing stays done.
CREATE FUNCTION pg_temp.as_role(in_role text, in_statement text)
RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', in_role);
    EXECUTE in_statement;
    RAISE SQLSTATE 'DONE0';
EXCEPTION
    WHEN SQLSTATE 'DONE0' THEN RETURN 'done';
    WHEN OTHERS THEN RETURN SQLSTATE;
END
$$;

-- Nobody owns anything but the owner, and the owner cannot come in.
SELECT is_empty($$SELECT name FROM pg_temp.relations WHERE relowner <> 'farthing_owner'::regrole
                  UNION ALL
                  SELECT name FROM pg_temp.functions WHERE proowner <> 'farthing_owner'::regrole$$,
                'every object is the owner''s');
SELECT results_eq($$SELECT rolname::text COLLATE "default", rolcanlogin, rolsuper, rolcreaterole, rolcreatedb
                    FROM pg_roles WHERE rolname ~ '^farthing_' ORDER BY 1$$,
                  $$VALUES ('farthing_auditor', true, false, false, false),
                           ('farthing_daemon', true, false, false, false),
                           ('farthing_dba', true, false, false, false),
                           ('farthing_owner', false, false, false, false)$$,
                  'the owner cannot log in, and nobody has powers over the cluster');
SELECT is_empty($$SELECT roleid::regrole, member::regrole FROM pg_auth_members
                  WHERE roleid::regrole::text ~ '^farthing_' OR member::regrole::text ~ '^farthing_'$$,
                'no role is a member of another');
SELECT is_empty($$SELECT name FROM pg_temp.functions WHERE prosecdef
                  AND NOT 'search_path=pg_catalog, pg_temp' = ANY (coalesce(proconfig, '{}'))$$,
                'whatever runs with the owner''s rights has a fixed search path');
SELECT is_empty($$SELECT p.name FROM pg_temp.functions p, pg_proc, aclexplode(coalesce(proacl,
                      acldefault('f', pg_proc.proowner))) a
                  WHERE pg_proc.oid = p.oid AND a.grantee = 0$$,
                'no function is everybody''s');
SELECT is_empty($$SELECT role, name FROM pg_temp.roles, pg_temp.functions
                  WHERE has_function_privilege(role, oid, 'EXECUTE') AND NOT prosecdef
                  AND NOT (prokind = 'p' AND role = 'farthing_dba')$$,
                'a role calls only what runs with the owner''s rights, but procedures of the DBA');
SELECT is_empty($$SELECT name FROM pg_temp.functions WHERE prokind = 'p' AND (prosecdef OR proconfig IS NOT NULL)$$,
                'O11: a procedure runs with the caller''s rights alone, else it could not commit');

-- Tables.
SELECT is_empty($$SELECT role, name FROM pg_temp.roles, pg_temp.relations WHERE relkind <> 'S'
                  AND has_table_privilege(role, oid, 'INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER')
                  UNION ALL
                  SELECT role, name FROM pg_temp.roles, pg_temp.relations WHERE relkind = 'S'
                  AND has_sequence_privilege(role, oid, 'USAGE,UPDATE')
                  UNION ALL
                  SELECT role, name FROM pg_temp.roles, pg_temp.relations WHERE relkind <> 'S'
                  AND has_any_column_privilege(role, oid, 'INSERT,UPDATE,REFERENCES')$$,
                'no role writes a table');
SELECT is_empty($$SELECT name FROM pg_temp.relations WHERE relkind <> 'S'
                  AND has_any_column_privilege('farthing_daemon', oid, 'SELECT')$$,
                'the daemon reads no table');
SELECT is_empty($$SELECT role, a.attrelid::regclass, a.attname FROM pg_temp.roles, pg_attribute a
                  WHERE a.attrelid IN (SELECT oid FROM pg_temp.relations WHERE relkind <> 'S')
                  AND a.attnum > 0
                  AND (a.attname ~ 'hash|wrapped|email|address|full_name|login_name')
                  AND has_column_privilege(role, a.attrelid, a.attnum, 'SELECT')$$,
                'S2: nobody reads password hashes, keys or who a user is');
SELECT is(pg_temp.as_role(role, statement), '42501', role || ' may not: ' || statement)
FROM pg_temp.roles, unnest(ARRAY[
    'INSERT INTO account.wallets (user_id, currency, balance) VALUES (1, ''EUR'', 1)',
    'UPDATE account.wallets SET balance = balance + 1',
    'UPDATE purchase.sales SET price = 1', 'DELETE FROM purchase.sales', 'TRUNCATE purchase.sales',
    'UPDATE ledger.entries SET reference = ''x''', 'DELETE FROM ledger.entries',
    'UPDATE ledger.postings SET amount = 1', 'DELETE FROM ledger.postings',
    'INSERT INTO ledger.postings VALUES (gen_random_uuid(), 1, ''funds_held'', 0, ''EUR'', 1)',
    'UPDATE license.licenses SET views_left = 9', 'UPDATE purchase.offers SET price = 1',
    'UPDATE farthing.errors SET name = ''x''', 'DELETE FROM farthing.versions',
    'SELECT password_hash FROM account.users', 'SELECT * FROM account.users',
    'SELECT shipping FROM purchase.sales',
    'SELECT password_hash FROM vendor.vendors', 'SELECT secret FROM vendor.security_secrets',
    'SELECT * FROM vendor.nonces', 'UPDATE vendor.certificates SET disabled_at = NULL',
    'SELECT answer_hash FROM account.identifiers',
    'UPDATE settlement.payouts SET state = ''paid''', 'DELETE FROM settlement.settlements',
    'INSERT INTO settlement.positions VALUES (1, ''EUR'')', 'UPDATE settlement.terms SET minimum = 0',
    'SELECT creditor_address FROM settlement.payouts',
    'SELECT wrapped FROM key.keys', 'SELECT * FROM account.logins',
    'CREATE TABLE purchase.mine ()', 'CREATE SCHEMA mine',
    'ALTER TABLE purchase.sales ADD mine int']) statement;

-- Functions: what each may call; all else is for others, or internal.
CREATE FUNCTION pg_temp.callable(in_role text) RETURNS text[] LANGUAGE sql AS $$
    SELECT array_agg(name ORDER BY name) FROM pg_temp.functions
    WHERE has_function_privilege(in_role, oid, 'EXECUTE')
$$;
SELECT is(pg_temp.callable('farthing_daemon'), '{account.end_login,account.find_credential,
    account.list_transactions,account.list_wallets,account.register,account.start_login,
    account.summary,farthing.forget,farthing.schema_version,incentive.issue,key.add,key.list,license.list,
    license.lock_content_batch,license.reopen,notification.claim,notification.count_waiting,
    notification.delivered,notification.failed,purchase.buy_batch,purchase.cancel,
    purchase.get,purchase.initiate_batch,purchase.list,purchase.maintain_partitions,
    purchase.offer_again,purchase.offer_item,purchase.quote,purchase.refund,purchase.view_batch,
    royalty.horizon,royalty.roll_up,royalty.set_content_owners,royalty.waiting_since,settlement.list,vendor.account,
    vendor.admits_certificate,vendor.change_password,vendor.find_certificate,
    vendor.find_credential,vendor.find_security_secret,vendor.forget_nonces,vendor.require_url,
    vendor.take_nonce}', 'the daemon does what users and vendors ask for');
SELECT is(pg_temp.callable('farthing_dba'), '{account.find_payment_reference,
    account.receive_funds,account.register,account.set_disabled,account.set_limits,bank.add_mandate,
    bank.assign,bank.close_statement,bank.dismiss,bank.end_mandate,bank.find_file,bank.list_lines,
    bank.list_queue,bank.open_statement,bank.order_debits,bank.order_transfers,bank.read_entries,
    bank.read_status,bank.request_debit,bank.set_account,bank.written,farthing.next_slice,farthing.rest,
    farthing.schema_version,
    incentive.issue_by_provider,
    notification.redeliver,notification.set_endpoint,purchase.maintain_partitions,
    royalty.collect,royalty.collect_all,royalty.horizon,royalty.register_owner,royalty.roll_up,royalty.roll_up_all,
    royalty.set_commission,royalty.set_owners,royalty.set_schedule,royalty.waiting_since,
    settlement.count_payees,settlement.explain,settlement.hold,settlement.list_payouts,
    settlement.mark_payout,settlement.release,settlement.return_payout,settlement.set_owner_terms,
    settlement.set_vendor_terms,settlement.settle_all,settlement.settle_owners,settlement.settle_slice,
    settlement.settle_vendors,settlement.show,settlement.statement,vendor.add,vendor.add_certificate,
    vendor.disable_certificate,vendor.set_disabled,vendor.set_password,
    vendor.set_security_secret}', 'the DBA does what an operator asks for');
SELECT is(pg_temp.callable('farthing_auditor'), '{audit.close,audit.run,audit.scope,farthing.schema_version,
    settlement.statement}', 'the auditor audits, and closes what it audited');
SELECT is(pg_temp.as_role(role, statement), '42501', role || ' may not: ' || statement)
FROM pg_temp.roles, unnest(ARRAY[
    'SELECT ledger.book(''bonus'', ''x'', NULL, ''{user_wallet}'', ''{1}'', ''EUR'', ''{1}'')',
    'SELECT purchase.sell(NULL, NULL, NULL, 1, NULL, NULL, NULL)',
    'SELECT license.renew(gen_random_uuid())',
    'SELECT purchase.buy(gen_random_uuid(), 1, 1)', 'SELECT purchase.receipt(gen_random_uuid())',
    'SELECT * FROM settlement.pay(''{}'', NULL)', 'SELECT * FROM settlement.due(''{}'', NULL)',
    'SELECT license.count_views(''{}'')', 'SELECT account.require_login(1, 1)',
    'SELECT purchase.make_partition(''sales'', ''x'', now(), now())']) statement;
SELECT is(pg_temp.as_role('farthing_daemon', statement), '42501', 'the daemon may not: ' || statement)
FROM unnest(ARRAY[
    'SELECT account.receive_funds(''a'', ''EUR'', 1, ''cash'', ''x'')',
    'SELECT account.set_limits(''a'', ''EUR'', 1, 1, 1, 1, 1, 1)',
    'SELECT account.set_disabled(''a'', false)', 'SELECT vendor.set_password(1001, ''h'')',
    'SELECT vendor.set_security_secret(1001, ''s'')',
    'SELECT vendor.add_certificate(1001, ''c'', ''pem'', now())',
    'SELECT * FROM ledger.all_postings']) statement;

-- What they may, they can.
SELECT is(pg_temp.as_role('farthing_daemon', format(
    'SELECT purchase.buy_batch(ARRAY[%L::uuid], ARRAY[%s::bigint], ARRAY[%s::bigint], '
    '''{NULL}'', ''{f}'')',
    test.offer(:vendor, 5, '/b'), (:'alice'::test.person).user_id, (:'alice'::test.person).login_id)),
    'done', 'the daemon sells');
SELECT is(pg_temp.as_role('farthing_daemon', 'SELECT purchase.maintain_partitions()'), 'done',
          'and does its upkeep');
SELECT is(pg_temp.as_role('farthing_dba', format(
    'SELECT account.receive_funds(%L, ''EUR'', 1, ''cash'', ''x'')',
    (:'alice'::test.person).login_name)), 'done', 'the DBA books funds');
SELECT is(pg_temp.as_role(role, 'SELECT * FROM ' || name), 'done', role || ' reads ' || name)
FROM unnest('{farthing_dba,farthing_auditor}'::text[]) role,
     unnest('{ledger.all_postings,ledger.trial_balance,ledger.wallet_differences,ledger.tokens_sold,ledger.tokens_by_day,
        royalty.by_period,royalty.owner_statement,settlement.vendor_statement,
              purchase.offers,license.licenses,account.wallets,ledger.entries,
              ledger.postings}'::text[]) name;
SELECT is(pg_temp.as_role('farthing_auditor', 'SELECT user_id, price, incentive_amount FROM purchase.sales'),
          'done', 'farthing_auditor reads sales');

SELECT is(pg_temp.as_role('farthing_dba', 'SELECT * FROM settlement.settle_slice(''vendors'', NULL, NULL, 0, 1, NULL, false)'),
          'done', 'the DBA settles');

-- What can be called or read says what it is.
SELECT is_empty($$SELECT DISTINCT name FROM pg_temp.functions, pg_temp.roles
                  WHERE has_function_privilege(role, oid, 'EXECUTE')
                  AND obj_description(oid, 'pg_proc') IS NULL$$, 'every public function has a comment');
SELECT is_empty($$SELECT name FROM pg_temp.relations WHERE relkind <> 'S'
                  AND oid NOT IN (SELECT inhrelid FROM pg_inherits)
                  AND obj_description(oid, 'pg_class') IS NULL$$, 'so has every table and view');
SELECT * FROM finish();
ROLLBACK;
