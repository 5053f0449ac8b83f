//! What a process keeps in memory beside a database.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

/// What a process keeps in memory beside a database, for whoever reads the same again and again: one thing of each type.
/// This room knows nothing of what they are; who asks first makes one.
#[derive(Debug, Default)]
pub struct Shelf(Mutex<Vec<Arc<dyn Any + Send + Sync>>>);

impl Shelf {
    /// What stands there of this type.
    pub fn of<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = all.iter().find_map(|kept| Arc::clone(kept).downcast().ok()) {
            return kept;
        }
        let made = Arc::<T>::default();
        all.push(made.clone());
        made
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn one_thing_of_each_type_stands_there() {
        let shelf = Shelf::default();
        shelf.of::<AtomicU32>().store(7, Ordering::Relaxed);
        shelf.of::<Mutex<String>>().lock().unwrap().push('a');
        assert_eq!(shelf.of::<AtomicU32>().load(Ordering::Relaxed), 7);
        assert_eq!(*shelf.of::<Mutex<String>>().lock().unwrap(), "a");
    }
}
