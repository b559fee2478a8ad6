-- SPDX-License-Identifier: GPL-3.0-or-later
-- A rollup changes the row of each vendor who sold, every few seconds: HOT updates of all of them need
-- as much room again on their pages.

ALTER TABLE royalty.vendor_days SET (fillfactor = 50);
ALTER TABLE royalty.volumes SET (fillfactor = 50);
ALTER TABLE royalty.vendor_carries SET (fillfactor = 50);
