//! On the wire: what is compressed on its way says the same, and only where it is wanted.

use crate::stage::{Stage, chat};
use crate::support::TestDatabase;

#[tokio::test]
async fn what_is_compressed_counts_once_over_all_that_happens_to_the_line() {
    all_is_heard(true).await;
}

#[tokio::test]
async fn where_no_compression_is_wanted_there_is_none_after_a_resume_either() {
    all_is_heard(false).await;
}

async fn all_is_heard(compressed: bool) {
    let stage = Stage { compressed, ..Stage::new(TestDatabase::sqlite()).await };
    let (ana, bo, wally) = (stage.member("ana").await, stage.member("bo").await, stage.den.person("wally"));
    let process = stage.listens().await;
    let discord = &stage.discord;
    let as_wanted = || discord.sessions().iter().all(|session| session.compressed == compressed);
    let troubles: [&dyn Fn(); 4] =
        [&|| {}, &|| discord.drop_connections(), &|| discord.ask_to_reconnect(), &|| discord.close_connections(4000)];
    for happens in troubles {
        let resumes = discord.resumes();
        happens();
        chat(&stage.general, &ana, &bo, &wally);
        stage.is_all_counted(&[&ana, &bo], &[&stage.general]).await;
        assert!(as_wanted(), "after {resumes} resumes: {:?}", discord.sessions());
    }
    assert_eq!((discord.identifies(), discord.resumes()), (1, 3));
    discord.invalidate_sessions(false);
    chat(&stage.general, &ana, &bo, &wally);
    stage.is_all_counted(&[&ana, &bo], &[&stage.general]).await;
    assert!(as_wanted(), "after a new session");
    process.stops().await.unwrap();
    discord.assert_no_violations();
}
