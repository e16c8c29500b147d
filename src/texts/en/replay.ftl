# English. One section per part of the program.

## Reasons for meeting

reason-replies =
    { $count ->
        [one] { $count } reply
       *[other] { $count } replies
    } to each other, { $weeks ->
        [one] within one week
       *[other] in { $weeks } weeks
    }
reason-talk =
    about { $count ->
        [one] { $count } message
       *[other] { $count } messages
    } for each other, { $weeks ->
        [0] in passing
        [one] within one week
       *[other] in { $weeks } weeks
    }
reason-answer-each-other = it goes both ways: one writes { $percent }% as much as the other
reason-voice =
    { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    } together in voice channels
reason-threads =
    { $count ->
        [one] both wrote in one thread
       *[other] both wrote in { $count } threads
    }
reason-shared-channels = both write in { $count } channels
reason-pairs-who-talk = { $pairs } of the { $of } pairs in this group talk with each other
reason-replies-among =
    { $count ->
        [one] { $count } reply
       *[other] { $count } replies
    } to each other in this group
reason-talk-among =
    about { $count ->
        [one] { $count } message
       *[other] { $count } messages
    } for each other in this group
reason-channels-of-all = all write in { $count } channels

## What a weight is made of

factor-tie = a tie of { $strength } messages
factor-steady = spread over { $weeks } weeks
factor-never-met = never met
factor-met =
    { $days ->
        [one] met yesterday
       *[other] met { $days } days ago
    }
factor-near = { $km } km apart
factor-trip = { $km } km apart during a trip
factor-far = far apart, by call
factor-free =
    { $parts ->
        [0] never free together
        [one] free together in one part of the week
       *[other] free together in { $parts } parts of the week
    }
factor-in-vain =
    { $times ->
        [one] suggested in vain once
       *[other] suggested in vain { $times } times
    }
factor-waiting =
    { $weeks ->
        [one] one week of waiting
       *[other] { $weeks } weeks of waiting, both together
    }
factor-wished = wished for

## Replay

replay-header =
    { $messages ->
        [one] { $messages } message
       *[other] { $messages } messages
    } by { $people ->
        [one] { $people } person
       *[other] { $people } people
    } in { $channels ->
        [one] { $channels } channel
       *[other] { $channels } channels
    }
replay-span = { $first } to { $last }, seen from { $now }
replay-fading = Half of a week's talk counts after { $days } days.
replay-weeks =
    { $weeks ->
        [one] Ties of the last week only.
       *[other] Ties of the last { $weeks } weeks only.
    }
replay-talkers = Who talks most
replay-ties = Strongest ties
replay-ties-none = No two people here answer each other.
replay-suggestions = Who should meet
replay-suggestions-none = Nobody is suggested: no two people have answered each other often enough.
replay-and = { $a } and { $b }
replay-left-over =
    { $count ->
        [one] One who talks with somebody here is at no table: no group within the rules holds them.
       *[other] { $count } who talk with somebody here are at no table: no group within the rules holds them.
    }
replay-tie-counts = { $messages ->
        [one] { $messages } message
       *[other] { $messages } messages
    } ({ $ab } and { $ba }), { $replies ->
        [one] { $replies } reply
       *[other] { $replies } replies
    }, { $weeks ->
        [one] one week
       *[other] { $weeks } weeks
    }
replay-skipped = Skipped: { $messages ->
        [one] one bad message
       *[other] { $messages } bad messages
    }, { $files ->
        [one] one broken file
       *[other] { $files } broken files
    }.
replay-repeats =
    { $count ->
        [one] One message stood there more than once and counts once.
       *[other] { $count } messages stood there more than once and count once.
    }
replay-nameless-reactions =
    { $count ->
        [one] One reaction names nobody (the export holds only its number) and counts nothing.
       *[other] { $count } reactions name nobody (the export holds only their number) and count nothing.
    }
replay-unknown-replies =
    { $count ->
        [one] One reply answers a message that is not in the export: whom it was for is unknown.
       *[other] { $count } replies answer messages that are not in the export: whom they were for is unknown.
    }
replay-backwards =
    { $count ->
        [one] One message stands before an older one: what was inferred around it is unsure.
       *[other] { $count } messages stand before older ones: export in the order of time for good guesses.
    }
replay-communities = These are chats of { $count } communities, counted as one.
