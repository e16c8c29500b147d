-- How many sit at a table that a round suggests: "2" are pairs, "4-6" any of these.
ALTER TABLE programmes ADD COLUMN size TEXT NOT NULL DEFAULT '2' CHECK (length(size) BETWEEN 1 AND 3);
