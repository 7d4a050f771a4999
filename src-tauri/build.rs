//! Embeds the built user interface, the permissions and the capabilities into the binary.

use std::path::Path;
use std::process::ExitCode;

use tauri_build::{AppManifest, Attributes, try_build};

fn main() -> ExitCode {
    println!("cargo:rerun-if-changed=ui/dist");
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    println!("cargo:rerun-if-changed=src-tauri/permissions");

    if !Path::new("ui/dist/index.html").is_file() {
        println!("cargo:warning=the user interface is not built: ui/dist/index.html is missing");
        eprintln!("The user interface is not built: ui/dist/index.html is missing. Run ./dev build, or npm run build in ui/.");
        return ExitCode::FAILURE;
    }
    let attributes = Attributes::new()
        .capabilities_path_pattern("src-tauri/capabilities/**/*")
        .app_manifest(AppManifest::new().permissions_path_pattern("src-tauri/permissions/**/*.toml"));
    match try_build(attributes) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The window's configuration is not valid: {error:#}");
            ExitCode::FAILURE
        }
    }
}
