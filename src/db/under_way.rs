//! What is done to its end, also where whoever asked for it is gone before, and for which a database is kept open.

use std::future::Future;
use std::panic::resume_unwind;
use std::sync::Arc;

use tokio::sync::watch;

use crate::error::{Error, Result};

/// How much of it is under way.
#[derive(Debug, Default)]
pub(super) struct UnderWay(watch::Sender<usize>);

/// Counts as under way until it is dropped.
struct Counted(Arc<UnderWay>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.0.send_modify(|many| *many -= 1);
    }
}

impl UnderWay {
    /// Does something to its end.
    pub(super) async fn run<T: Send + 'static>(
        self: &Arc<UnderWay>,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T> {
        self.0.send_modify(|many| *many += 1);
        let counted = Counted(Arc::clone(self));
        let done = tokio::spawn(async move {
            let done = work.await;
            drop(counted);
            done
        });
        done.await.map_err(|ended| match ended.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(_) => Error::Unexpected(anyhow::anyhow!("the program stops")),
        })
    }

    /// Waits until nothing is under way.
    pub(super) async fn ended(&self) {
        // It ends with what it counts, so nobody is gone who could tell.
        let _ = self.0.subscribe().wait_for(|many| *many == 0).await;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{sleep, timeout};

    use super::*;

    fn run(test: impl Future<Output = ()>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(test);
    }

    #[test]
    fn what_nobody_waits_for_any_more_is_done_to_its_end_and_waited_for() {
        run(async {
            let all: Arc<UnderWay> = Arc::default();
            let (tell, told) = watch::channel(false);
            let work = async move {
                sleep(Duration::from_millis(200)).await;
                tell.send_replace(true);
            };
            assert!(timeout(Duration::from_millis(20), all.run(work)).await.is_err(), "it takes longer");
            assert!(!*told.borrow());
            all.ended().await;
            assert!(*told.borrow());
            assert_eq!(all.run(async { 7 }).await.expect("done"), 7);
        });
    }

    #[test]
    fn a_fault_is_whoevers_who_asked_and_keeps_nobody_waiting() {
        run(async {
            let all: Arc<UnderWay> = Arc::default();
            let asks = Arc::clone(&all);
            let fails = tokio::spawn(async move { asks.run::<()>(async { panic!("a fault") }).await });
            assert!(fails.await.expect_err("it panics").is_panic());
            timeout(Duration::from_secs(5), all.ended()).await.expect("nothing is under way");
        });
    }
}
