//! An entry of the journal in a sentence of each language. Read from its JSON, so that an entry of a newer version still says
//! something: what is not known by name is told by its parts.

use serde_json::Value;

use crate::api::NameView;

/// What an entry of `kind` with `body` says; `name` knows what people are called.
pub(super) fn of(kind: &str, body: &Value, name: &dyn Fn(&str) -> NameView) -> NameView {
    let text = |place: &str| text(body, place);
    let person = |place: &str| name(&text(place));
    let reason =
        || Some(text("/reason")).filter(|reason| !reason.is_empty()).map(|reason| format!(": {reason}")).unwrap_or_default();
    let lines = |place: &str| body.pointer(place).and_then(Value::as_array).map_or(0, Vec::len);
    match kind {
        "journal_opened" => both("账本开始", "The journal begins"),
        "signed_in" => {
            let who = person("/staff");
            both(&format!("{} 登录", who.zh), &format!("{} signed in", who.en))
        }
        "sale_completed" => {
            let (receipt, total, count) = (text("/order/receipt"), text("/order/total"), lines("/order/lines"));
            both(&format!("销售 {receipt}，{count} 行，合计 {total}"), &format!("Sale {receipt}: {count} lines, {total}"))
        }
        "refund_completed" => {
            let (receipt, total) = (text("/order/receipt"), text("/order/total"));
            both(&format!("退货 {receipt}，退款 {total}"), &format!("Refund {receipt}: {total} given back"))
        }
        "stock_adjusted" => {
            let count = lines("/lines");
            both(&format!("库存调整 {count} 项{}", reason()), &format!("Stock adjusted, {count} lines{}", reason()))
        }
        "product_added" => both(
            &format!("新增商品 {} {}", text("/product/sku"), text("/product/name/zh")),
            &format!("Product added: {} {}", text("/product/sku"), text("/product/name/en")),
        ),
        "journal_recovered" => {
            let count = text("/entries");
            both(&format!("代交另一台收银机的 {count} 条记录"), &format!("Delivered {count} entries of a lost till"))
        }
        "permission_overridden" => {
            let (by, done) = (person("/by"), person("/for"));
            let permission = permission(body);
            both(
                &format!("{} 允许 {} 做一次“{permission}”{}", by.zh, done.zh, reason()),
                &format!("{} allowed {} '{permission}' once{}", by.en, done.en, reason()),
            )
        }
        "training_begun" => both("培训开始", "Training began"),
        "training_ended" => {
            let sales = text("/sales");
            both(&format!("培训结束，练习了 {sales} 笔销售"), &format!("Training ended, {sales} sales practised"))
        }
        "drill_completed" => drill(body),
        "line_voided" => both(
            &format!("取消一行：{} × {}{}", text("/line/name/zh"), text("/line/quantity"), reason()),
            &format!("Line voided: {} × {}{}", text("/line/name/en"), text("/line/quantity"), reason()),
        ),
        "sale_voided" => {
            both(&format!("取消整单 {}{}", text("/total"), reason()), &format!("Order voided, {}{}", text("/total"), reason()))
        }
        "cash_moved" => both(
            &format!("现金进出 {} {}{}", text("/way"), text("/amount"), reason()),
            &format!("Cash moved ({}): {}{}", plain(&text("/way")), text("/amount"), reason()),
        ),
        "drawer_opened" => both(&format!("打开钱箱{}", reason()), &format!("Drawer opened without a sale{}", reason())),
        "shift_opened" => both(&format!("开班，Z {}", text("/number")), &format!("Shift opened, Z {}", text("/number"))),
        "shift_closed" => both(&format!("交班，Z {}", text("/number")), &format!("Shift closed, Z {}", text("/number"))),
        "shift_handed_over" => {
            let to = person("/to");
            both(&format!("钱箱交给 {}", to.zh), &format!("Drawer handed over to {}", to.en))
        }
        "shift_suspended" => both(&format!("班次暂停{}", reason()), &format!("Shift suspended{}", reason())),
        "shift_resumed" => both("班次恢复", "Shift resumed"),
        "shift_report_printed" => {
            both(&format!("打印班次报告 {}", text("/report")), &format!("Shift report printed: {}", plain(&text("/report"))))
        }
        "order_placed" => both(
            &format!("客户订单，合计 {}", text("/order/total")),
            &format!("Customer's order placed, {}", text("/order/total")),
        ),
        "order_changed" => both(
            &format!("客户订单改为 {}", text("/order/total")),
            &format!("Customer's order changed, {}", text("/order/total")),
        ),
        "deposit_taken" => both("收取订金", "Deposit taken"),
        "order_completed" => both("客户订单完成", "Customer's order completed"),
        "order_cancelled" => both(&format!("客户订单取消{}", reason()), &format!("Customer's order cancelled{}", reason())),
        other => parts(other, body),
    }
}

fn drill(body: &Value) -> NameView {
    let text = |place: &str| text(body, place);
    let passed = body.pointer("/passed").and_then(Value::as_bool) == Some(true);
    let seconds = body.pointer("/recovered_ms").and_then(Value::as_u64).map(|ms| format!("{}.{}", ms / 1000, ms % 1000 / 100));
    let fault = text("/fault");
    let zh = match fault.as_str() {
        "network_gone" => "断网",
        "hub_slow" => "总部响应慢",
        "out_of_paper" => "打印机缺纸",
        "power_cut" => "断电",
        "clock_wrong" => "时钟错误",
        other => other,
    };
    let after = seconds.as_ref().map_or_else(|| "未恢复".to_owned(), |seconds| format!("{seconds} 秒后恢复"));
    let after_en = seconds.map_or_else(|| "did not sell again".to_owned(), |seconds| format!("selling again after {seconds} s"));
    let lost = text("/lost");
    both(
        &format!("故障演练 {zh}：{}，{after}，丢失 {lost}", if passed { "通过" } else { "未通过" }),
        &format!("Drill '{}': {}, {after_en}, {lost} lost", plain(&fault), if passed { "passed" } else { "not passed" }),
    )
}

/// The permission as a word; a discount with its percentage.
fn permission(body: &Value) -> String {
    let Some(permission) = body.pointer("/permission") else { return String::new() };
    match permission.get("discount").and_then(Value::as_str) {
        Some(share) => format!("discount {share}"),
        None => permission.as_str().map(plain).unwrap_or_default(),
    }
}

/// A kind that has no sentence of its own: its name and the first plain facts in it.
fn parts(kind: &str, body: &Value) -> NameView {
    let mut facts = Vec::new();
    if let Value::Object(fields) = body {
        for (field, value) in fields.iter().filter(|(_, value)| value.is_string() || value.is_number()).take(4) {
            facts.push(format!("{} {}", plain(field), value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)));
        }
    }
    let said = if facts.is_empty() { plain(kind) } else { format!("{}: {}", plain(kind), facts.join(", ")) };
    both(&said, &said)
}

fn plain(word: &str) -> String {
    word.replace('_', " ")
}

fn text(body: &Value, place: &str) -> String {
    match body.pointer(place) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn both(zh: &str, en: &str) -> NameView {
    NameView { zh: zh.to_owned(), en: en.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(kind: &str, body: Value) -> NameView {
        of(kind, &body, &|id| both(&format!("员工{id}"), &format!("Staff {id}")))
    }

    #[test]
    fn an_override_says_who_let_whom_do_what_and_why() {
        let body = json!({ "permission": "override_price", "by": "2", "for": "1", "reason": "shelf price" });
        let words = said("permission_overridden", body);
        assert_eq!(words.en, "Staff 2 allowed Staff 1 'override price' once: shelf price");
        assert_eq!(words.zh, "员工2 允许 员工1 做一次“override price”: shelf price");
    }

    #[test]
    fn a_kind_of_a_newer_version_is_told_by_its_parts() {
        let words = said("drone_launched", json!({ "height": 3, "to": "roof", "load": {} }));
        assert!(words.en.starts_with("drone launched: ") && words.en.contains("to roof"), "{}", words.en);
        assert_eq!(said("empty", json!({})).en, "empty");
    }

    #[test]
    fn a_drill_tells_its_result() {
        let body = json!({ "fault": "power_cut", "recovered_ms": 2345, "lost": 0, "passed": true });
        let words = said("drill_completed", body);
        assert_eq!(words.en, "Drill 'power cut': passed, selling again after 2.3 s, 0 lost");
        assert_eq!(words.zh, "故障演练 断电：通过，2.3 秒后恢复，丢失 0");
    }
}
