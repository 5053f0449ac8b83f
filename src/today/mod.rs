//! Today: what is owed, to whom first, and what people do about it.

pub mod acts;
pub mod decide;
pub mod due;
pub mod letters;
pub mod list;
pub mod pages;
pub mod together;
pub mod verdict;
pub mod words;
