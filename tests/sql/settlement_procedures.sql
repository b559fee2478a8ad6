-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a DBA runs with CALL (O11): slice by slice, each committed for itself.
SELECT no_plan();
SELECT array_agg(test.payee(1000000)) AS vendors FROM generate_series(1, 7) \gset
SELECT count(test.accrue_sale(v, 1500000)) FROM unnest(:'vendors'::int[]) v;
SELECT (:'vendors'::int[])[7] AS last, (:'vendors'::int[])[3] AS third \gset
CREATE FUNCTION pg_temp.settled() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM settlement.settlements $$;
SET ROLE farthing_dba;

\set ON_ERROR_STOP 0
CALL settlement.settle_vendors(in_share_percent => 0);
\set none :LAST_ERROR_SQLSTATE
CALL royalty.collect_all(in_share_percent => 101);
\set more :LAST_ERROR_SQLSTATE
\set ON_ERROR_STOP 1
CALL settlement.settle_vendors(in_dry_run => true, in_slice => 2);
RESET ROLE;
SELECT is(ARRAY[:'none', :'more'], '{FT040,FT040}', 'O11: a share of the time is from 1 to 100 percent');
SELECT is(pg_temp.settled(), 0::bigint, 'O11: a dry run changes nothing');
SET ROLE farthing_dba;
CALL settlement.settle_vendors(in_vendor_id => :third);
RESET ROLE;
SELECT is(vendor_id, :third, 'O11: one vendor alone')
FROM settlement.settlements JOIN settlement.payees USING (payee_id);

-- The last vendor is locked by somebody who does not let go: what came before is done and stays.
SELECT dblink_connect('other', format('host=%s port=%s dbname=%s user=%s',
    split_part(current_setting('unix_socket_directories'), ',', 1), current_setting('port'),
    current_database(), current_user)) AS connected \gset
SELECT FROM settlement.settle_slice('vendors', :last, NULL, 0, 1, '2020-02-01', false);
SELECT dblink_exec('other', 'BEGIN') AS begun, dblink_exec('other', format(
    'UPDATE settlement.positions SET closing = closing FROM settlement.payees p
     WHERE p.payee_id = positions.payee_id AND p.vendor_id = %s', :last)) AS held \gset
SET ROLE farthing_dba;
SET lock_timeout = '300ms';
\set ON_ERROR_STOP 0
CALL settlement.settle_vendors(in_slice => 2);
\set stopped :LAST_ERROR_SQLSTATE
\set ON_ERROR_STOP 1
RESET lock_timeout;
RESET ROLE;
SELECT is(:'stopped'::text, '55P03', 'O11: a run is interrupted');
SELECT is(pg_temp.settled(), 6::bigint, 'O11: its slices so far are committed');
SELECT dblink_exec('other', 'ROLLBACK') AS undone, dblink_disconnect('other') AS gone \gset
SET ROLE farthing_dba;
CALL settlement.settle_vendors(in_slice => 2, in_share_percent => 100);
RESET ROLE;
SELECT is(pg_temp.settled(), 7::bigint, 'O11: the next run goes on');
SELECT is(sum(amount)::bigint, 10500000::bigint, 'O11: and pays nobody twice') FROM settlement.payouts;

SELECT test.owner('procedure') AS owner \gset
SELECT settlement.set_owner_terms('procedure', 'EUR', 1000000, 'any_day', in_method => 'check') AS terms \gset
SELECT test.collect('procedure', :third, 1000000);
SET ROLE farthing_dba;
CALL settlement.settle_owners(in_owner_id => 'procedure');
CALL settlement.settle_owners();
RESET ROLE;
SELECT is(pg_temp.settled(), 8::bigint, 'O7, O11: owners likewise');
SELECT * FROM test.settlements_add_up();
SELECT test.forget_settlements();
SELECT * FROM finish();
