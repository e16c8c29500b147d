//! The emoji of a poll: one reaction is one choice.

use crate::domain::poll::Choice;

/// The most times that a poll can hold: six that are offered, and three that are proposed.
pub const MOST_SLOTS: usize = 9;
const SLOTS: [&str; MOST_SLOTS] = ["1️⃣", "2️⃣", "3️⃣", "4️⃣", "5️⃣", "6️⃣", "7️⃣", "8️⃣", "9️⃣"];
const NONE_OF_THESE: &str = "🚫";
/// Asks for the colourful form of a character; some clients leave it out.
const VARIATION: char = '\u{fe0f}';

/// The emoji that stands for a choice; `None` for a slot beyond [`MOST_SLOTS`].
pub fn emoji(choice: Choice) -> Option<&'static str> {
    match choice {
        Choice::Slot(index) => SLOTS.get(usize::from(index)).copied(),
        Choice::NoneOfThese => Some(NONE_OF_THESE),
        // A reaction says yes or nothing.
        Choice::IfNeedBe(_) => None,
    }
}

/// The choice that an emoji stands for, if any.
pub fn choice(emoji: &str) -> Option<Choice> {
    let plain = |text: &str| text.replace(VARIATION, "");
    let given = plain(emoji);
    if given == NONE_OF_THESE {
        return Some(Choice::NoneOfThese);
    }
    let index = SLOTS.iter().position(|slot| plain(slot) == given)?;
    u8::try_from(index).ok().map(Choice::Slot)
}

/// All choices of a poll with so many slots, in the order in which they stand under it.
pub fn choices(slots: usize) -> impl Iterator<Item = Choice> + Clone {
    let slots = (0..slots.min(MOST_SLOTS)).filter_map(|index| u8::try_from(index).ok());
    slots.map(Choice::Slot).chain([Choice::NoneOfThese])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_choice_has_an_emoji_that_reads_back() {
        for one in choices(MOST_SLOTS) {
            let shown = emoji(one).unwrap();
            assert_eq!(choice(shown), Some(one));
            assert_eq!(choice(&shown.replace(VARIATION, "")), Some(one), "as some clients write it");
        }
        assert_eq!(choices(MOST_SLOTS).count(), MOST_SLOTS + 1);
        assert_eq!(choices(3).last(), Some(Choice::NoneOfThese));
    }

    #[test]
    fn other_emoji_are_no_choice() {
        assert_eq!(choice("👍"), None);
        assert_eq!(choice("0️⃣"), None);
        assert_eq!(choice(""), None);
        assert_eq!(emoji(Choice::Slot(9)), None);
    }
}
