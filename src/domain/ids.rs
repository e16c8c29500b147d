//! Identities. Discord's are snowflakes: 64 bits whose upper 42 are the milliseconds since 2015, so an id says when
//! its owner was made. Ours are `UUIDv7`s written in base62, short enough for a button id and for Discord's nonce.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Milliseconds between 1970 and Discord's epoch, the first second of 2015.
const DISCORD_EPOCH_MS: i64 = 1_420_070_400_000;
/// The lower bits of a snowflake: worker, process and counter.
const SNOWFLAKE_TIME_SHIFT: u32 = 22;

/// Text or number that is no identity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not an id")]
pub struct NotAnId(pub String);

/// The moment that a snowflake carries.
fn snowflake_time(raw: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(snowflake_millis(raw)).unwrap_or(DateTime::UNIX_EPOCH)
}

const fn snowflake_millis(raw: i64) -> i64 {
    (raw >> SNOWFLAKE_TIME_SHIFT) + DISCORD_EPOCH_MS
}

/// The smallest snowflake of a moment: every id made from then on is at least this. Moments before 2015 give 1.
fn snowflake_at(moment: DateTime<Utc>) -> i64 {
    let since = (moment.timestamp_millis() - DISCORD_EPOCH_MS).max(0);
    (since << SNOWFLAKE_TIME_SHIFT).max(1)
}

/// What every id can do that is written and read as its text: be logged, and stand in JSON as a string, since JSON's
/// numbers lose the last digits of a snowflake.
macro_rules! as_its_text {
    ($name:ident) => {
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(FromText(PhantomData))
            }
        }
    };
}

/// Reads an id where it stands, without a copy of its text: there are several in each message.
struct FromText<T>(PhantomData<T>);

impl<T: FromStr<Err = NotAnId>> Visitor<'_> for FromText<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

macro_rules! snowflake {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// From Discord's number. `None` for 0 and for what does not fit in 63 bits: neither is an id.
            pub fn new(raw: u64) -> Option<Self> {
                i64::try_from(raw).ok().filter(|raw| *raw > 0).map(Self)
            }

            /// From a database column, which holds only what [`Self::get`] gave.
            pub const fn from_column(raw: i64) -> Self {
                Self(raw)
            }

            /// As a database column keeps it: BIGINT, always above zero.
            pub const fn get(self) -> i64 {
                self.0
            }

            /// As Discord's libraries want it.
            pub const fn to_u64(self) -> u64 {
                self.0.unsigned_abs()
            }

            /// When the bearer of this id was made, to the millisecond.
            pub fn time(self) -> DateTime<Utc> {
                snowflake_time(self.0)
            }

            /// The same, in milliseconds since 1970.
            pub const fn millis(self) -> i64 {
                snowflake_millis(self.0)
            }

            /// The smallest id of this kind made at `moment` or later.
            pub fn at(moment: DateTime<Utc>) -> Self {
                Self(snowflake_at(moment))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                text.parse().ok().and_then(Self::new).ok_or_else(|| NotAnId(text.to_owned()))
            }
        }

        as_its_text!($name);
    )+};
}

snowflake! {
    /// One Discord server.
    CommunityId,
    /// A person; bots have one too.
    UserId,
    /// A text channel, a thread, a forum post or a DM.
    ChannelId,
    /// A message; orders the messages of a channel.
    MessageId,
    /// A role of a community.
    RoleId,
    /// An entry in a community's list of scheduled events.
    ScheduledEventId,
}

/// A `UUIDv7` begins with 48 bits of milliseconds since 1970 (RFC 9562, 5.7).
const UUID_TIME_SHIFT: u32 = 80;

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// 62^22 is the first power above 2^128.
const BASE62_LENGTH: usize = 22;

fn to_base62(mut value: u128) -> [u8; BASE62_LENGTH] {
    let mut digits = [b'0'; BASE62_LENGTH];
    for digit in digits.iter_mut().rev() {
        *digit = BASE62[(value % 62) as usize];
        value /= 62;
    }
    digits
}

fn from_base62(text: &str) -> Option<u128> {
    if text.len() != BASE62_LENGTH {
        return None;
    }
    text.bytes().try_fold(0_u128, |value, byte| {
        let digit = BASE62.iter().position(|candidate| *candidate == byte)?;
        value.checked_mul(62)?.checked_add(digit as u128)
    })
}

macro_rules! own_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl $name {
            /// A new id: time-ordered, with random bits given by the caller (chance is an argument).
            pub fn new(now: DateTime<Utc>, random: u128) -> Self {
                let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
                let bytes = random.to_be_bytes();
                let mut entropy = [0; 10];
                entropy.copy_from_slice(&bytes[..10]);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &entropy).into_uuid().as_u128())
            }

            /// When it was made, to the millisecond.
            pub fn time(self) -> DateTime<Utc> {
                let millis = i64::try_from(self.0 >> UUID_TIME_SHIFT).unwrap_or(0);
                DateTime::from_timestamp_millis(millis).unwrap_or(DateTime::UNIX_EPOCH)
            }
        }

        /// 22 characters of base62.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                to_base62(self.0).iter().try_for_each(|digit| write!(f, "{}", char::from(*digit)))
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                from_base62(text).map(Self).ok_or_else(|| NotAnId(text.to_owned()))
            }
        }

        as_its_text!($name);
    )+};
}

own_id! {
    /// A meetup, from its proposal on.
    MeetupId,
    /// A notice; also Discord's nonce for the message that it becomes.
    NoticeId,
}

/// Two different people, the one with the smaller id first, so that a pair is the same whoever is named first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pair {
    low: UserId,
    high: UserId,
}

impl Pair {
    /// `None` where both are one person.
    pub fn new(one: UserId, other: UserId) -> Option<Self> {
        match one.cmp(&other) {
            std::cmp::Ordering::Less => Some(Self { low: one, high: other }),
            std::cmp::Ordering::Greater => Some(Self { low: other, high: one }),
            std::cmp::Ordering::Equal => None,
        }
    }

    pub const fn low(self) -> UserId {
        self.low
    }

    pub const fn high(self) -> UserId {
        self.high
    }

    /// Both, the smaller id first.
    pub const fn both(self) -> [UserId; 2] {
        [self.low, self.high]
    }

    /// The one who is not `user`; `None` where `user` is neither.
    pub fn other(self, user: UserId) -> Option<UserId> {
        if user == self.low {
            Some(self.high)
        } else if user == self.high {
            Some(self.low)
        } else {
            None
        }
    }

    pub fn contains(self, user: UserId) -> bool {
        self.other(user).is_some()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_snowflake_says_when_it_was_made() {
        // Discord's own example: 175928847299117063 is 2016-04-30T11:18:25.796Z.
        let message = MessageId::new(175_928_847_299_117_063).unwrap();
        assert_eq!(message.time().to_rfc3339(), "2016-04-30T11:18:25.796+00:00");
        assert!(MessageId::at(message.time()) <= message);
    }

    #[test]
    fn nought_and_numbers_beyond_63_bits_are_no_ids() {
        assert_eq!(UserId::new(0), None);
        assert_eq!(UserId::new(u64::MAX), None);
        assert!("-5".parse::<UserId>().is_err());
        assert!("ana".parse::<UserId>().is_err());
    }

    proptest! {
        #[test]
        fn own_ids_survive_their_text(random: u128, millis in 0_i64..4_000_000_000_000) {
            let now = DateTime::from_timestamp_millis(millis).unwrap();
            let id = NoticeId::new(now, random);
            prop_assert_eq!(id.to_string().len(), BASE62_LENGTH);
            prop_assert_eq!(id.to_string().parse::<NoticeId>(), Ok(id));
            prop_assert_eq!(id.time(), now);
        }

        #[test]
        fn a_pair_is_the_same_whoever_is_named_first(a in 1_u64..1000, b in 1_u64..1000) {
            let (a, b) = (UserId::new(a).unwrap(), UserId::new(b).unwrap());
            prop_assert_eq!(Pair::new(a, b), Pair::new(b, a));
            prop_assert_eq!(Pair::new(a, b).is_none(), a == b);
        }
    }
}
