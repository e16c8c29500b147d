-- What is looked for by these would be found by reading the whole table.

-- The meetups of a thread or channel that is gone.
CREATE INDEX meetups_by_room ON meetups (room);
-- What hangs on a meetup that is erased.
CREATE INDEX met_by_meetup ON met (meetup);
-- Weeks that are older than the retention.
CREATE INDEX ties_by_week ON ties (week);
