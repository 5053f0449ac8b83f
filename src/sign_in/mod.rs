//! Coming in and going out.

pub mod pages;
