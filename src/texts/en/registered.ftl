# What Discord shows while a command is typed: descriptions of commands and options, and names of choices, each of 1 to
# 100 characters. A text's name is the path of names that leads there. Changing one registers the commands anew.

## /meet

command-meet = Meet the people you chat with
command-meet-join = Count me in: I am 18 or older, and you may suggest people to me
command-meet-profile = Where and when you like to meet, and how you are asked
option-meet-profile-city = Your city; begin to type its name
option-meet-profile-times = When you are usually free
choice-meet-profile-times-weekday-evenings = weekday evenings
choice-meet-profile-times-weekends = weekends
choice-meet-profile-times-evenings-and-weekends = weekday evenings and weekends
choice-meet-profile-times-any-time = any time
option-meet-profile-venue = In person, or by call
choice-meet-profile-venue-in-person = in person
choice-meet-profile-venue-call = by call
choice-meet-profile-venue-either = either
option-meet-profile-asks = How suggestions reach you
choice-meet-profile-asks-direct = direct message
choice-meet-profile-asks-mention = mention in the channel
choice-meet-profile-asks-look = only when I look
option-meet-profile-named = May your name stand in the channel beside another's?
option-meet-profile-open-to-everyone = May people wish to meet you whom you have not talked with?
command-meet-busy = When you can't meet beside your usual week: tell it, see it, take it back
option-meet-busy-days = Not on these days, such as: 24-26 Dec, 2027-01-02
option-meet-busy-file = Your calendar as an .ics file: only when you are busy is kept of it, no titles
command-meet-trip = Tell that you will be in another city for some days, see it, take it back
option-meet-trip-city = Where you will be; begin to type its name
option-meet-trip-days = On which days, such as: 3-6 Dec
command-meet-pause = Rest for a while; again without a date to come back
option-meet-pause-until = A day such as 2026-12-24; without one, until you say so
command-meet-leave = Leave: what was counted is erased, nobody is told
command-meet-who = With whom you talk most and have not met, as far as they are in
command-meet-with = Say in private that you would like to meet somebody
option-meet-with-member = Whom
command-meet-avoid = Never be suggested to somebody; they are not told
option-meet-avoid-member = Whom
command-meet-upcoming = What waits for your answer, and the meetups ahead
command-meet-times = When all of your meetup could meet, in a picture without names
command-meet-calendar = A secret address at which your calendar reads your meetups; a new one ends the old one
option-meet-calendar-revoke = Take the address back instead
command-meet-history = Whom you have met
command-meet-open = Propose an open evening: everybody may come
option-meet-open-city = Where; without one, your own city
option-meet-open-seats = How many can come; the others wait, in order. Without it, all who like
option-meet-open-at-least = How many have to come; two, unless you say otherwise. A day before it is decided

## /privacy

command-privacy = What Wallflower keeps of you
command-privacy-show = Show in numbers what is kept of you
command-privacy-export = Get all that is kept of you, as a file
command-privacy-forget = Erase all that is kept of you, at once

## /wallflower

command-wallflower = Set Wallflower up in this community
command-wallflower-setup = Say where Wallflower speaks; posts the invitation there
option-wallflower-setup-channel = The channel for invitations and meetups
option-wallflower-setup-zone = The community's time zone, such as Europe/Amsterdam
option-wallflower-setup-moderators = Where reports to moderators go
option-wallflower-setup-role = Only who has this role may join
command-wallflower-reset = Take back what the set-up said: the required role, or the moderators' channel
option-wallflower-reset-what = What
choice-wallflower-reset-what-required-role = the required role
choice-wallflower-reset-what-moderators = the moderators' channel
command-wallflower-status = What Wallflower does here, what a round would find, and what could not be said
command-wallflower-exclude = Keep somebody out of all suggestions, member or not; they are not told
option-wallflower-exclude-member = Whom
option-wallflower-exclude-out = False lets them in again
command-wallflower-channels = Which channels are counted; without a channel, what is set
option-wallflower-channels-channel = The channel, with its threads, or a category, with what stands in it
option-wallflower-channels-watch = Count it, or leave it alone
choice-wallflower-channels-watch-watched = count it
choice-wallflower-channels-watch-ignored = leave it alone
command-wallflower-fading = After how many days talk counts half: less for who talks now, more for old company
option-wallflower-fading-days = From 1 to 365; 30 unless you say otherwise

## /nudge

command-nudge = When and how Wallflower suggests meetups
command-nudge-frequency = How often: "weekly mon 18", "biweekly thu 19", "monthly first thu 19" or "cron 0 18 * * 1"
option-nudge-frequency-text = Such as: weekly mon 18
command-nudge-size = How many a round suggests to each other: pairs, threes, or tables of a size
option-nudge-size-people = Such as: pairs, threes, 4-6; from 2 to 8
command-nudge-lead = How many days lie between a poll and the first time that it offers
option-nudge-lead-days = From 2 to 14; 3 unless you say otherwise
command-nudge-place = Who says where a meetup takes place
option-nudge-place-by = The host; or all who come choose, at the latest a day before
choice-nudge-place-by-host = the host
choice-nudge-place-by-vote = all who come
command-nudge-reminders = Which reminders a meetup's room gets
option-nudge-reminders-when = A day before, two hours before, both (as long as nobody says otherwise), or none
choice-nudge-reminders-when-both = both
choice-nudge-reminders-when-day-before = a day before
choice-nudge-reminders-when-two-hours-before = two hours before
choice-nudge-reminders-when-none = none
command-nudge-limit = How many suggestions one member gets in 30 days at most
option-nudge-limit-asks = From 0 to 10; 2 unless you say otherwise
command-nudge-style = Ask each alone, or name them in the channel where they allow it
option-nudge-style-style = Which
choice-nudge-style-style-discreet = discreet
choice-nudge-style-style-open = open
command-nudge-poll = How people vote on times
option-nudge-poll-ballot = Reactions; buttons that open one's own ballot, with "if need be"; or Discord's own poll
choice-nudge-poll-ballot-reactions = reactions
choice-nudge-poll-ballot-buttons = buttons
choice-nudge-poll-ballot-native = native
command-nudge-now = Hold a round now
command-nudge-preview = What a round held now would do, in real numbers under invented names
command-nudge-pause = Hold no rounds until you say so
option-nudge-pause-resume = True goes on again
command-nudge-status = The next round, and why nobody was suggested

## /places

command-places = Good places to meet, by city: public ones only
command-places-add = Add a public place, such as a café, a library or a park; never anybody's home
option-places-add-city = In which city; begin to type its name
option-places-add-name = What it is called and how it is found, such as: Café Zuid, by the canal
command-places-list = Show the list
option-places-list-city = Only this city
command-places-role = Let a role stand for a city: whoever has it when joining lives there, until they say otherwise
option-places-role-role = Which role
option-places-role-city = Which city; left out, the role stands for none any more
command-places-remove = Take a place off the list
option-places-remove-place = Which; begin to type its name
