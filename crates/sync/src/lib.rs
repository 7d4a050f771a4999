//! What travels between till and hub, and the client that carries it.

pub mod signature;
pub mod wire;
