# What notices say: asks, rooms, polls, reminders, check-ins.
