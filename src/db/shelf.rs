//! What a process keeps in memory beside a database.

use std::any::Any;
use std::sync::{Arc, OnceLock};

/// One thing that a process keeps in memory beside a database, for whoever reads the same again and again. This room
/// knows nothing of what it is; who asks first makes it.
#[derive(Debug, Default)]
pub struct Shelf(OnceLock<Arc<dyn Any + Send + Sync>>);

impl Shelf {
    /// What stands there. Where something of another type does, a new one, which nobody else sees.
    pub fn of<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let kept = self.0.get_or_init(|| Arc::<T>::default());
        Arc::clone(kept).downcast().unwrap_or_default()
    }
}
