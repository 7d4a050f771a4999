//! The tests lie beside this file; it only names their package.
