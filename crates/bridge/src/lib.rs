//! The till's commands over HTTP for a browser.
