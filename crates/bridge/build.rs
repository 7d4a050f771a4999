//! Compiles the crate anew when the built user interface changes, new files of it included.

fn main() {
    let built = "../../ui/dist";
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={built}");
    if !std::path::Path::new(built).is_dir() {
        println!("cargo:warning=the user interface is not built, the bridge will have none to show: run ./dev build");
    }
}
