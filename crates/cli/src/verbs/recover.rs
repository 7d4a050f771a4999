//! `recover`: delivers what a lost terminal had not sent yet.

use serde_json::json;
use till::recovery::{RecoveryError, recover as deliver};

use super::open;
use crate::answer::{Clean, Ending, Output};
use crate::arguments::RecoverArguments;
use crate::words::CliError;

/// Runs the verb.
pub(crate) fn recover(arguments: &RecoverArguments, output: &Output) -> Ending {
    let terminal = open::existing_terminal(&arguments.store)?;
    let recovery = deliver(&terminal, &arguments.from)?;
    let (lost, delivered, already) = (recovery.terminal, recovery.delivered, recovery.held_before);
    let value = json!({
        "terminal": lost, "store": recovery.store, "delivered": delivered, "held_before": already,
        "last_seq": recovery.last_seq, "torn_line": recovery.torn_line,
        "unsent": terminal.store().unsent_count()?,
    });
    let torn_zh = if recovery.torn_line { "最后一行没有写完，已略过。" } else { "" };
    let torn_en = if recovery.torn_line { " The last line was not written to its end and was left out." } else { "" };
    output.answer(
        &value,
        &format!("收银机 {lost} 的记录已全部到达总部：这次交付 {delivered} 条，{already} 条总部早已收到。{torn_zh}"),
        &format!(
            "Terminal {lost}: {delivered} entries delivered now, {already} were at the hub before; none is missing.{torn_en}"
        ),
    );
    Ok(Clean::Yes)
}

impl From<RecoveryError> for CliError {
    fn from(error: RecoveryError) -> Self {
        let en = error.to_string();
        match error {
            RecoveryError::Till(error) => error.into(),
            RecoveryError::NoMirror(_) => Self::new("no_mirror", format!("这个文件夹不是收银机的镜像：{en}"), en),
            RecoveryError::SeveralMirrors(_) => {
                Self::new("several_mirrors", format!("这个文件夹里有几台收银机的镜像，请选一个：{en}"), en)
            }
            RecoveryError::Io { .. } | RecoveryError::Card { .. } => {
                Self::new("mirror_unreadable", format!("镜像读不了：{en}"), en)
            }
            RecoveryError::Damaged { .. } => Self::new("mirror_damaged", format!("镜像已损坏：{en}"), en),
            RecoveryError::Missing { .. } => Self::new("entries_missing", format!("镜像里缺少记录：{en}"), en),
            RecoveryError::OwnMirror => Self::new("own_mirror", "这是这台收银机自己的镜像，直接同步就可以。", en),
            RecoveryError::Incomplete { .. } => Self::new("incomplete", format!("总部没有全部接受：{en}"), en),
        }
    }
}
