//! The playground in parts: a stage that all share, a town that lives on it, time that moves, and the page.

mod acts;
mod export;
mod guard;
mod lines;
mod noticed;
mod page;
mod replay;
mod sees;
mod stage;
mod stream;
mod talk;
mod temper;
mod time;
mod town;
mod view;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use stage::Stage;

/// Ports that are tried where the wanted one is taken.
const MORE_PORTS: u16 = 20;
/// The bot promises to be gone within five seconds.
const CLOSES_WITHIN: Duration = Duration::from_secs(5);

/// What the command line says.
#[derive(Debug, Clone)]
pub struct Options {
    pub listen: IpAddr,
    pub lets_others_in: bool,
    pub port: u16,
    pub seed: u64,
    pub members: usize,
    pub speed: u32,
    pub export: Option<PathBuf>,
}

/// A running playground.
pub struct Playground {
    pub address: SocketAddr,
    stop: watch::Sender<bool>,
    failed: watch::Receiver<Option<String>>,
    tasks: tokio::sync::Mutex<JoinSet<()>>,
    /// For stories that look behind the page.
    #[cfg(test)]
    pub discord: fake_discord::Discord,
}

impl Playground {
    /// Binds the port, and only then wakes the town: the page is there at once, and fills.
    pub async fn open(options: Options) -> Result<Self> {
        let listen = options.listen;
        ensure!(
            listen.is_loopback() || options.lets_others_in,
            "{listen} is no loopback address: whoever reaches it could act as anybody in the page; if that is what you want, \
             add --let-others-in"
        );
        ensure!(
            !options.lets_others_in || options.export.is_none(),
            "the people of an exported chat have not agreed to be shown to others: leave out --export or --let-others-in"
        );
        let exported = options.export.as_deref().map(export::read).transpose()?;
        let listener = bind(options.listen, options.port).await?;
        let address = listener.local_addr()?;
        let stage = Arc::new(Stage::new(&options, address, exported.as_ref()).await?);
        let (stop, stopping) = watch::channel(false);
        let (fail, failed) = watch::channel(None);
        let mut tasks = JoinSet::new();
        #[cfg(test)]
        let discord = stage.discord.clone();
        let pages = page::routes(Arc::clone(&stage));
        tasks.spawn(async move {
            let served = axum::serve(listener, pages).await;
            tracing::debug!(?served, "the page is closed");
        });
        tasks.spawn(sees::keep_looking(Arc::clone(&stage)));
        tasks.spawn(live(Arc::clone(&stage), options, exported, stopping, fail));
        Ok(Self {
            address,
            stop,
            failed,
            tasks: tokio::sync::Mutex::new(tasks),
            #[cfg(test)]
            discord,
        })
    }

    /// Returns when it cannot go on, with the reason.
    pub async fn ended(&self) -> Result<()> {
        let mut failed = self.failed.clone();
        let reason = failed.wait_for(Option::is_some).await.ok().and_then(|reason| reason.clone());
        Err(anyhow::anyhow!(reason.unwrap_or_else(|| "it has stopped".into())))
    }

    /// Stops the bot as a signal would, and then the page.
    ///
    /// # Errors
    /// Where the bot had not stopped by itself, and was cut off.
    pub async fn close(&self) -> Result<()> {
        self.stop.send_replace(true);
        let mut tasks = self.tasks.lock().await;
        // Only the bot's task ends by itself.
        let stopped = tokio::time::timeout(CLOSES_WITHIN, tasks.join_next()).await;
        tasks.shutdown().await;
        stopped.map(drop).map_err(|_| anyhow::anyhow!("the bot did not stop within {CLOSES_WITHIN:?}"))
    }
}

async fn bind(listen: IpAddr, port: u16) -> Result<TcpListener> {
    let ports = port..=port.saturating_add(if port == 0 { 0 } else { MORE_PORTS });
    let mut last = None;
    for port in ports {
        match TcpListener::bind((listen, port)).await {
            Ok(listener) => return Ok(listener),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| std::io::ErrorKind::AddrInUse.into())).with_context(|| {
        format!("cannot listen on {listen} port {port} or the {MORE_PORTS} after it: choose another --port")
    })
}

/// The bot, the town and its time, until it is to stop or something makes going on impossible.
async fn live(
    stage: Arc<Stage>,
    options: Options,
    exported: Option<export::Exported>,
    mut stopping: watch::Receiver<bool>,
    fail: watch::Sender<Option<String>>,
) {
    let bot = stage.run_bot(stopping.clone());
    let town = async {
        let talk = town::wake(&stage, &options, exported).await?;
        time::run(&stage, talk, options.seed).await
    };
    let stopped = async {
        // Where nobody is left to say so, it is to stop as well.
        let _ = stopping.wait_for(|stop| *stop).await;
    };
    let mut bot = std::pin::pin!(bot);
    let outcome = tokio::select! {
        bot = &mut bot => bot,
        town = town => town,
        // The town stands still, and the bot finishes what it is at.
        () = stopped => bot.await,
    };
    if let Err(error) = outcome {
        stage.troubles.add(&format!("The playground has stopped: {error:#}"));
        fail.send_replace(Some(format!("{error:#}")));
    }
}
