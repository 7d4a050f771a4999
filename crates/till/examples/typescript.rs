//! Writes the TypeScript of the interface to standard output, or with `--write` to the user interface's folder.

fn main() -> std::io::Result<()> {
    let text = till::api::typescript();
    if std::env::args().any(|argument| argument == "--write") {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/src/lib/generated");
        std::fs::create_dir_all(folder)?;
        return std::fs::write(format!("{folder}/api.ts"), text);
    }
    print!("{text}");
    Ok(())
}
