//! Where it cannot run, the program says why in one sentence, and ends with code 1.

use crate::house::House;
use crate::program::Program;
use crate::support::TestDatabase;

async fn a_program_that_cannot_run_says_why_and_ends_with_1(database: TestDatabase) {
    let house = House::new(database).await;
    let environment = house.environment();
    let with = |name: &'static str, value: &str| {
        let mut environment = environment.clone();
        environment.insert(name, value.to_owned());
        environment
    };
    let refused_at_the_start = [
        ("DISCORD_TOKEN", "MTAwMDAwMDAwMDAwMDAwMDAx.wrong.wrong", "does not accept the token"),
        ("WALLFLOWER_DATABASE_URL", "mysql://there", "must begin with sqlite://"),
        ("WALLFLOWER_DATA_FOLDER", "/dev/null/folder", "cannot be made or read"),
    ];
    for (name, value, why) in refused_at_the_start {
        let (code, said) = Program::start_and_listen(&with(name, value)).ends_by_itself().await;
        assert_eq!(code, Some(1), "{said}");
        assert!(said.starts_with("wallflower: ") && said.contains(why), "{said}");
    }
    for (code_of_discord, why) in [(4014, "the intents"), (4004, "does not accept the")] {
        let program = Program::start_and_listen(&environment);
        house.discord.until_connected(2).await;
        house.discord.close_connections(code_of_discord);
        let (code, said) = program.ends_by_itself().await;
        assert_eq!(code, Some(1), "{said}");
        assert!(said.starts_with("wallflower: ") && said.contains(why), "{said}");
    }
}

on_both_engines!(a_program_that_cannot_run_says_why_and_ends_with_1);
