-- Compare-and-set: settings are saved only on top of those they were changed from, and a round only with those it read.
ALTER TABLE programmes ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
