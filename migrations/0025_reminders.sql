-- Of which reminders a meetup has two: a day and two hours before its time.
ALTER TABLE programmes ADD COLUMN reminders TEXT NOT NULL DEFAULT 'both'
    CHECK (reminders IN ('both', 'day_before', 'two_hours_before', 'none'));
