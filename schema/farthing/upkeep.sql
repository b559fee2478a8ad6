-- SPDX-License-Identifier: GPL-3.0-or-later
-- What farthing.forget finds the old rows by.

CREATE INDEX requests_by_time ON vendor.requests (taken_at);

ALTER TABLE account.logins ADD review_at timestamptz NOT NULL DEFAULT now();
CREATE INDEX logins_by_review ON account.logins (review_at);
COMMENT ON COLUMN account.logins.review_at IS 'when upkeep looks whether the login can be forgotten';
