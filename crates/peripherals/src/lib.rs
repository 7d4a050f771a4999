//! Receipt printers and cash drawers.
