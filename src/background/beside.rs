//! Something done while other things go on.

use std::future::Future;
use std::pin::pin;

use futures_util::StreamExt;
use futures_util::future::{Either, select};
use futures_util::stream::FuturesUnordered;

/// Does something while others go on, and tells of each of these that ends meanwhile. Awaited alone it could wait for a
/// connection to the database that one of the others holds, which would wait in turn to be asked again.
pub(super) async fn beside<F: Future, T>(
    others: &mut FuturesUnordered<F>,
    work: impl Future<Output = T>,
    mut ended: impl FnMut(F::Output),
) -> T {
    let mut work = pin!(work);
    while !others.is_empty() {
        match select(work.as_mut(), others.next()).await {
            Either::Left((done, _)) => return done,
            Either::Right((other, _)) => other.into_iter().for_each(&mut ended),
        }
    }
    work.await
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::sync::Semaphore;
    use tokio::task::yield_now;
    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn what_others_hold_is_had_while_they_go_on() {
        let only = Semaphore::new(1);
        let holds = |name: &'static str| {
            let only = &only;
            async move {
                let _held = only.acquire().await;
                yield_now().await;
                name
            }
        };
        let mut others: FuturesUnordered<_> = [holds("one"), holds("other")].into_iter().collect();
        // Asked once, the first of them holds it.
        select(others.next(), pin!(async {})).await;
        assert_eq!(only.available_permits(), 0);
        let mut ended = Vec::new();
        let had = beside(&mut others, only.acquire(), |name| ended.push(name));
        let had = timeout(Duration::from_secs(10), had).await;
        assert!(had.is_ok_and(|permit| permit.is_ok()), "it waits for who is not asked");
        assert_eq!(ended, ["one", "other"]);
    }
}
