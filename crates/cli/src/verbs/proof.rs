//! `verify`, `rebuild` and `journal export`.

use serde_json::json;
use till::proof;

use super::open;
use crate::answer::{Clean, Ending, Output};
use crate::arguments::{ExportArguments, StoreArguments};
use crate::words::CliError;

/// Checks everything that can be checked.
pub(crate) fn verify(arguments: &StoreArguments, output: &Output) -> Ending {
    open::must_exist(&arguments.store)?;
    let verified = proof::verify(&arguments.store)?;
    let value = json!({
        "clean": true, "terminal": verified.terminal, "entries": verified.head.seq, "head": verified.head.hash.to_string(),
        "acked": verified.acked, "unsent": verified.head.seq - verified.acked,
        "countersignatures": verified.countersignatures, "z_reports": verified.zs,
    });
    let (entries, acked) = (verified.head.seq, verified.acked);
    output.answer(
        &value,
        &format!("账目完好：{entries} 条记录，签名和链都正确，所有报表与它一致；总部已确认到第 {acked} 条。"),
        &format!(
            "Clean: {entries} entries, every signature and the chain hold, everything shown equals them; \
             the hub has acknowledged up to entry {acked}."
        ),
    );
    Ok(Clean::Yes)
}

/// Makes everything shown anew from the journal.
pub(crate) fn rebuild(arguments: &StoreArguments, output: &Output) -> Ending {
    open::must_exist(&arguments.store)?;
    let entries = proof::rebuild(&arguments.store)?;
    output.answer(
        &json!({ "entries": entries }),
        &format!("已根据 {entries} 条记录重建。"),
        &format!("Rebuilt from {entries} entries."),
    );
    Ok(Clean::Yes)
}

/// Hands the journal out.
pub(crate) fn export(arguments: &ExportArguments, output: &Output) -> Ending {
    open::must_exist(&arguments.store)?;
    let summary = proof::export(&arguments.store, &arguments.to)?;
    let to = arguments.to.display();
    let value = json!({ "entries": summary.entries, "head": summary.head.to_string(), "key": summary.kid, "dir": arguments.to });
    output.answer(
        &value,
        &format!("{} 条记录已写入 {to}。验证：sh {to}/verify.sh", summary.entries),
        &format!("{} entries written to {to}. Check them with: sh {to}/verify.sh", summary.entries),
    );
    Ok(Clean::Yes)
}

impl From<proof::ProofError> for CliError {
    fn from(error: proof::ProofError) -> Self {
        use till::proof::ProofError;
        let en = error.to_string();
        match error {
            ProofError::Store(error) => error.into(),
            ProofError::Vault(_) | ProofError::KeysMissing(_) => {
                Self::new("keys_missing", format!("这台机器上没有这台收银机的密钥：{en}"), en)
            }
            ProofError::Journal(_) => Self::new("journal_broken", format!("日志不完整或被改动：{en}"), en),
            ProofError::Projections(_) => {
                Self::new("projections_differ", format!("报表与日志不一致，请运行 tillbridge rebuild：{en}"), en)
            }
            ProofError::Z(_) => Self::new("z_differs", format!("Z 报表与它的流水不符：{en}"), en),
            ProofError::CutOff { .. } => Self::new("tail_cut_off", format!("日志的结尾被截掉了：{en}"), en),
            ProofError::ForeignAcknowledgement { .. } | ProofError::Countersignature { .. } => {
                Self::new("acknowledgement_wrong", format!("总部的确认与日志不符：{en}"), en)
            }
            ProofError::Export(_) => Self::new("export_failed", format!("写不出去：{en}"), en),
        }
    }
}
