-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a licence's sale says is not said again. And pages are filled: views are counted soon after the
-- sale, beside new licences; with room kept free, these go to the next page just before the versions
-- that the counting left are pruned from this one, which then stays half empty.

ALTER TABLE license.licenses DROP COLUMN offer_id;
ALTER TABLE license.licenses RESET (fillfactor);
