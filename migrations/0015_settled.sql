-- A guess is counted when it is heard, and once more, by the difference, when it is final. Up to this message all guesses
-- are final; those between it and the last message counted still wait for their second count. NULL: none waits.
ALTER TABLE marks ADD COLUMN settled BIGINT;
ALTER TABLE readings ADD COLUMN settled BIGINT;
