//! Plain sentences in the reader's language, and the error every verb ends in.

use std::fmt::Display;

use till::api::{Problem, ProblemCode};

pub(crate) use domain::Language;

/// Something that can be said in every language of the product.
pub(crate) trait Sentence {
    /// One plain sentence.
    fn sentence(&self, language: Language) -> String;
}

/// Chinese where the locale says so, else English.
pub(crate) fn language_of_environment() -> Language {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .unwrap_or_default();
    language_of(&locale)
}

fn language_of(locale: &str) -> Language {
    if locale.to_ascii_lowercase().starts_with("zh") { Language::Zh } else { Language::En }
}

/// Why a verb failed: a name for programs and a sentence for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CliError {
    /// For programs.
    pub(crate) code: String,
    /// In Chinese.
    zh: String,
    /// In English.
    en: String,
}

impl CliError {
    /// An error with its sentences.
    pub(crate) fn new(code: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code: code.to_owned(), zh: zh.into(), en: en.into() }
    }

    /// An error of the system that only speaks English.
    pub(crate) fn system(what_zh: &str, what_en: &str, error: impl Display) -> Self {
        Self::new("system", format!("{what_zh}：{error}"), format!("{what_en}: {error}"))
    }
}

impl Sentence for CliError {
    fn sentence(&self, language: Language) -> String {
        match language {
            Language::Zh => self.zh.clone(),
            Language::En => self.en.clone(),
        }
    }
}

impl From<Problem> for CliError {
    fn from(problem: Problem) -> Self {
        let code = serde_json::to_value(problem.code)
            .ok()
            .and_then(|value| value.as_str().map(str::to_owned))
            .unwrap_or_else(|| "internal".to_owned());
        let zh = chinese(&problem);
        Self { code, zh, en: problem.detail }
    }
}

impl From<till::TillError> for CliError {
    fn from(error: till::TillError) -> Self {
        error.problem().into()
    }
}

impl From<store::StoreError> for CliError {
    fn from(error: store::StoreError) -> Self {
        till::TillError::from(error).into()
    }
}

/// Those problems that a command line can meet; the terminal's own English says the rest.
fn chinese(problem: &Problem) -> String {
    let param = |name: &str| problem.params.get(name).map_or("", String::as_str);
    match problem.code {
        ProblemCode::HubUnreachable => format!("连不上总部 {}。请检查网络和地址。", param("address")),
        ProblemCode::HubCertificate => "总部的安全证书有问题，没有连接。请联系管理员。".into(),
        ProblemCode::HubAddressWrong => "这不是总部的地址。地址以 https:// 开头。".into(),
        ProblemCode::CodeRefused => "一次性代码不对、已用过或已过期，请向经理要一个新的。".into(),
        ProblemCode::NotEnrolled => "这台收银机还没有加入总部。".into(),
        ProblemCode::HubRefused => format!("总部没有接受：{}", problem.detail),
        ProblemCode::ClockDrift => format!("本机时钟与总部相差 {} 分钟，请校准时间。", param("minutes")),
        ProblemCode::MirrorUnwritable => format!("写不进文件夹 {}。请检查 U 盘是否插好。", param("folder")),
        ProblemCode::DiskFull => "硬盘已满，这一步没有保存。请腾出空间后再试。".into(),
        ProblemCode::StoreDamaged => format!("数据文件损坏。请停止使用并联系管理员。（{}）", problem.detail),
        ProblemCode::StoreInUse => "另一个程序正在使用这份数据，请先关闭它。".into(),
        ProblemCode::StoreTooNew => "数据是更新的版本写的，请升级本程序。".into(),
        ProblemCode::QuantityTooLarge => format!("数量 {} 太大了，请检查。", param("quantity")),
        ProblemCode::TooManyLines => "订单的行数超过了上限。".into(),
        ProblemCode::AmountTooLarge => "金额太大，无法计算。".into(),
        _ => format!("出了问题，这一步没有完成：{}", problem.detail),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locale_chooses_the_language() {
        for (locale, language) in
            [("zh_CN.UTF-8", Language::Zh), ("en_GB.UTF-8", Language::En), ("C", Language::En), ("", Language::En)]
        {
            assert_eq!(language_of(locale), language, "{locale}");
        }
    }

    #[test]
    fn a_problem_keeps_its_code_and_speaks_both_languages() {
        let problem = Problem::new(ProblemCode::StoreInUse, "the store is open in another program: close it first");
        let error = CliError::from(problem);
        assert_eq!(error.code, "store_in_use");
        assert_eq!(error.sentence(Language::Zh), "另一个程序正在使用这份数据，请先关闭它。");
        assert_eq!(error.sentence(Language::En), "the store is open in another program: close it first");
    }
}
