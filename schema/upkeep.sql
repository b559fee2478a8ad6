-- SPDX-License-Identifier: GPL-3.0-or-later
-- Leaves the database ready: the partitions of today exist.

SELECT purchase.maintain_partitions();
