mod properties;
mod rules;
mod shop;
mod stacking;
mod tracing;
