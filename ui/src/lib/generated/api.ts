// Generated from crates/till/src/api by `cargo run -p tillbridge-till --example typescript`. Do not edit.

export type ProblemCode = "not_signed_in" | "wrong_pin" | "pin_locked" | "not_allowed" | "unknown_barcode" | "unknown_product" | "no_such_line" | "not_a_quantity" | "quantity_not_positive" | "quantity_too_large" | "quantity_not_whole" | "not_an_amount" | "not_a_percentage" | "discount_too_large" | "too_many_lines" | "amount_too_large" | "cart_empty" | "not_paying" | "paying_already" | "still_due" | "already_paid" | "amount_not_positive" | "more_than_due" | "reference_missing" | "looks_like_card_number" | "no_such_payment" | "mo_ling_unavailable" | "no_such_held_order" | "shift_already_open" | "shift_not_open" | "shift_suspended" | "shift_not_suspended" | "same_cashier" | "no_such_staff" | "orders_unfinished" | "count_again" | "too_much_taken_out" | "no_such_z" | "no_such_receipt" | "hub_unreachable" | "hub_certificate" | "hub_address_wrong" | "code_refused" | "not_enrolled" | "hub_refused" | "clock_drift" | "no_printer" | "printer_unreachable" | "printer_address_wrong" | "printer_out_of_paper" | "printer_cover_open" | "printer_fault" | "printer_interrupted" | "printer_not_allowed" | "no_such_print_job" | "logo_unreadable" | "serial_address_wrong" | "serial_line_away" | "mirror_unwritable" | "disk_full" | "store_damaged" | "store_in_use" | "store_too_new" | "reason_missing" | "same_person" | "nothing_to_allow" | "folder_unwritable" | "not_a_date" | "report_too_long" | "no_such_figure" | "pin_needed" | "nothing_to_undo" | "in_training" | "not_in_training" | "drill_running" | "no_drill" | "goods_expired" | "label_unreadable" | "choose_variant" | "nothing_entered" | "no_such_transfer" | "product_refused" | "import_refused" | "too_many_products" | "order_not_open" | "order_day_passed" | "quotation_takes_no_deposit" | "order_below_deposit" | "no_such_order" | "order_taken" | "order_at_hand" | "held_elsewhere" | "nothing_chosen" | "refund_above_rest" | "refund_above_tender" | "refund_taken" | "receipt_elsewhere" | "not_a_sale" | "unknown_member" | "member_code_misread" | "member_needs_hub" | "no_member_on_order" | "points_unavailable" | "points_below_minimum" | "points_not_enough" | "number_taken" | "not_a_phone_number" | "member_unnamed" | "consent_missing" | "not_confirmed" | "coupon_wrong" | "coupon_unknown" | "coupon_used" | "coupon_held" | "coupon_not_live" | "coupon_offline" | "coupon_twice" | "too_many_coupons" | "no_such_promotion" | "promotion_field" | "bad_request" | "internal";

export type Problem = { 
/**
 * What.
 */
code: ProblemCode, 
/**
 * Values for the sentence.
 */
params: { [key in string]: string }, 
/**
 * English, for logs and programs.
 */
detail: string, };

export type MoneyView = { 
/**
 * `33.80`.
 */
amount: string, 
/**
 * `¥33.80`.
 */
text: string, };

export type NameView = { 
/**
 * Simplified Chinese.
 */
zh: string, 
/**
 * English.
 */
en: string, };

export type StaffView = { 
/**
 * Their id.
 */
id: string, 
/**
 * Their name.
 */
name: NameView, 
/**
 * Their role.
 */
role: 'cashier' | 'supervisor' | 'manager' | 'owner', };

export type PermissionsView = { 
/**
 * The largest discount in percent.
 */
max_discount_percent: string, 
/**
 * Sell at another price.
 */
override_price: boolean, 
/**
 * Give money back.
 */
refund: boolean, 
/**
 * Change settings of the terminal.
 */
change_settings: boolean, 
/**
 * Every other permission that the role holds, by name.
 */
may: Array<string>, };

export type TerminalView = { 
/**
 * The shop's name.
 */
shop_name: NameView, 
/**
 * The store's code.
 */
store_code: string, 
/**
 * The number within the store; 0 before enrolment.
 */
number: number, 
/**
 * The terminal's name.
 */
name: string, 
/**
 * ISO 4217 code.
 */
currency: string, 
/**
 * IANA name.
 */
time_zone: string, 
/**
 * True once a hub knows it.
 */
enrolled: boolean, 
/**
 * The first characters of its journal key's fingerprint.
 */
key: string, };

export type AppView = { 
/**
 * Version of the program.
 */
version: string, 
/**
 * This terminal.
 */
terminal: TerminalView, 
/**
 * Who can sign in.
 */
staff: Array<StaffView>, 
/**
 * Who is signed in here.
 */
signed_in: SessionView | null, 
/**
 * Settings of this terminal.
 */
settings: SettingsView, 
/**
 * For the demo shop: the PINs to try, as `name: pin`.
 */
demo_pins: Array<string>, 
/**
 * Set while somebody practises here.
 */
training: TrainingView | null, };

export type SessionView = { 
/**
 * Who.
 */
staff: StaffView, 
/**
 * What they may do.
 */
permissions: PermissionsView, 
/**
 * The order being rung up.
 */
cart: CartView, 
/**
 * Set while the order is being paid.
 */
tendering: TenderingView | null, };

export type CategoryView = { 
/**
 * Its code.
 */
code: string, 
/**
 * Its names.
 */
name: NameView, 
/**
 * How many products it has.
 */
products: number, };

export type ProductView = { 
/**
 * Its id.
 */
id: string, 
/**
 * The shop's own code.
 */
sku: string, 
/**
 * First barcode, may be empty.
 */
barcode: string, 
/**
 * Its names.
 */
name: NameView, 
/**
 * Its category's code, may be empty.
 */
category: string, 
/**
 * Price of one unit.
 */
price: MoneyView, 
/**
 * What one unit is.
 */
unit: 'piece' | 'kilogram' | 'metre' | 'litre', 
/**
 * Name of its picture (`pictures/{name}.svg`), may be empty.
 */
picture: string, 
/**
 * In stock, where known.
 */
on_hand: string | null, 
/**
 * True: sold only as one of its variants.
 */
has_variants: boolean, 
/**
 * Years that a customer must have reached.
 */
minimum_age: number | null, };

export type ProductPage = { 
/**
 * The products.
 */
products: Array<ProductView>, 
/**
 * True when more follow.
 */
more: boolean, 
/**
 * False while the catalogue is still being loaded: something may be missing.
 */
catalogue_complete: boolean, };

export type DiscountView = { 
/**
 * Why.
 */
kind: 'line' | 'order' | 'mo_ling' | 'promotion' | 'coupon', 
/**
 * How much.
 */
amount: MoneyView, 
/**
 * The promotion's name; none for what a person gave.
 */
name: NameView | null, };

export type CartLineView = { 
/**
 * Its number in the order.
 */
id: number, 
/**
 * The product.
 */
product: ProductView, 
/**
 * How much, `2` or `0.355`.
 */
quantity: string, 
/**
 * Price of one unit.
 */
unit_price: MoneyView, 
/**
 * The catalogue's price where the line is sold at another.
 */
list_price: MoneyView | null, 
/**
 * Quantity times price.
 */
extended: MoneyView, 
/**
 * What was taken off.
 */
discounts: Array<DiscountView>, 
/**
 * What the customer pays.
 */
payable: MoneyView, };

export type CartView = { 
/**
 * Its lines.
 */
lines: Array<CartLineView>, 
/**
 * How many pieces (a weighed line counts one).
 */
count: number, 
/**
 * Σ quantity × price.
 */
subtotal: MoneyView, 
/**
 * Σ taken off.
 */
discount: MoneyView, 
/**
 * Σ tax.
 */
tax: MoneyView, 
/**
 * True when all tax is contained in the prices.
 */
tax_included: boolean, 
/**
 * What the customer pays.
 */
total: MoneyView, 
/**
 * The discount on the order as typed (`10%` or `5.00`), may be empty.
 */
order_discount: string, 
/**
 * 抹零 is set up in this shop.
 */
mo_ling_available: boolean, 
/**
 * 抹零 is asked for.
 */
mo_ling: boolean, 
/**
 * The line that changed last, to be shown.
 */
last_line: number | null, 
/**
 * What the label said that was just scanned.
 */
scanned: ScannedView | null, 
/**
 * How many orders are held.
 */
held: number, 
/**
 * What is written on it, may be empty.
 */
note: string, 
/**
 * What goods that were brought back in exchange are worth.
 */
returned: MoneyView | null, 
/**
 * What was paid on the customer's order before.
 */
deposit: MoneyView | null, 
/**
 * The customer's order that this completes or changes: what people call it.
 */
customer_order: string | null, 
/**
 * The total less both; below zero goes back to the customer.
 */
balance: MoneyView | null, 
/**
 * Whom it is for.
 */
member: MemberOnCartView | null, 
/**
 * The coupons on it.
 */
coupons: Array<CouponView>, };

export type PaymentView = { 
/**
 * Its id.
 */
id: string, 
/**
 * `cash` or `card`.
 */
kind: string, 
/**
 * What it contributes.
 */
amount: MoneyView, 
/**
 * Cash handed over.
 */
given: MoneyView | null, 
/**
 * Cash handed back.
 */
change: MoneyView | null, 
/**
 * The card slip's reference.
 */
reference: string | null, };

export type TenderingView = { 
/**
 * What it comes to.
 */
total: MoneyView, 
/**
 * What is left, exact.
 */
due: MoneyView, 
/**
 * What is left when paid in cash.
 */
due_in_cash: MoneyView, 
/**
 * What goes back.
 */
change: MoneyView, 
/**
 * What was taken so far.
 */
payments: Array<PaymentView>, 
/**
 * Likely cash amounts: the exact one first.
 */
quick_cash: Array<MoneyView>, 
/**
 * True when nothing is left and the sale can be finished.
 */
settled: boolean, };

export type ReceiptView = { 
/**
 * Its id.
 */
order: string, 
/**
 * Its number.
 */
receipt: string, 
/**
 * `sale` or `refund`.
 */
kind: string, 
/**
 * When, in the store's time.
 */
at: string, 
/**
 * The receipt as printed, monospaced.
 */
text: string, 
/**
 * What it came to.
 */
total: MoneyView, 
/**
 * What went back to the customer.
 */
change: MoneyView, 
/**
 * True once the hub holds it.
 */
synced: boolean, 
/**
 * `none`, `waiting`, `printed` or `failed`.
 */
print: string, };

export type OrderSummaryView = { 
/**
 * Its id.
 */
order: string, 
/**
 * Its number.
 */
receipt: string, 
/**
 * `sale` or `refund`.
 */
kind: string, 
/**
 * When, in the store's time.
 */
at: string, 
/**
 * What it came to.
 */
total: MoneyView, 
/**
 * How many lines.
 */
lines: number, 
/**
 * True once the hub holds it.
 */
synced: boolean, 
/**
 * Its place in the journal; for asking for the ones before it.
 */
seq: number, };

export type HeldView = { 
/**
 * Its id.
 */
id: string, 
/**
 * What it was called.
 */
label: string, 
/**
 * When it was held, in the store's time.
 */
at: string, 
/**
 * What it comes to.
 */
total: MoneyView, 
/**
 * How many lines.
 */
lines: number, 
/**
 * Who held it.
 */
staff: string, 
/**
 * The till that holds it; empty for this one.
 */
till: string, };

export type IncidentView = { 
/**
 * What kind.
 */
kind: string, 
/**
 * In a sentence.
 */
detail: string, 
/**
 * When, in the store's time.
 */
at: string, };

export type SyncView = { 
/**
 * `not_enrolled`, `synced`, `sending`, `offline` or `refused`.
 */
state: string, 
/**
 * Entries that only this machine (and its mirror) holds.
 */
unsent: number, 
/**
 * When the hub last answered, in the store's time; empty before.
 */
last_at: string, 
/**
 * What is wrong.
 */
problem: Problem | null, 
/**
 * Open incidents of this store.
 */
incidents: Array<IncidentView>, 
/**
 * The hub's address, empty before enrolment.
 */
hub: string, 
/**
 * The mirror folder, empty where none is set up.
 */
mirror_folder: string, 
/**
 * `off`, `ok` or `failing`.
 */
mirror: string, 
/**
 * Till clock minus hub clock.
 */
clock_drift_seconds: number, 
/**
 * False while the catalogue is still being loaded.
 */
catalogue_complete: boolean, 
/**
 * Print jobs waiting or failing.
 */
print_jobs: number, 
/**
 * Why the printer fails, if it does.
 */
print_problem: Problem | null, };

export type SettingsView = { 
/**
 * Language of the screen.
 */
language: 'zh' | 'en', 
/**
 * `system`, `light` or `dark`.
 */
theme: string, 
/**
 * `host`, `host:port`, `usb:…` or `serial:…`; empty: no printer.
 */
printer_address: string, 
/**
 * Columns of the paper: 48 (80 mm) or 32 (58 mm).
 */
paper_columns: number, 
/**
 * Print each receipt by itself.
 */
print_always: boolean, 
/**
 * Open the drawer after a cash sale.
 */
open_drawer: boolean, 
/**
 * Folder of the second copy of unsent entries; empty: none.
 */
mirror_folder: string, 
/**
 * What the scanner sends before a code; may be empty.
 */
scanner_prefix: string, 
/**
 * Sounds.
 */
sound: boolean, 
/**
 * Minutes without anybody doing anything after which the till locks itself; 0: never.
 */
auto_lock_minutes: number, 
/**
 * Ask for a PIN before each sale.
 */
pin_each_sale: boolean, 
/**
 * Printers, scanner and customer display.
 */
devices: DeviceSettingsView, };

export type CouponView = { 
/**
 * Its code.
 */
code: string, 
/**
 * Its promotion's name.
 */
name: NameView, 
/**
 * True when it takes something off at present; else it is not spent.
 */
gives: boolean, 
/**
 * True when it was taken without asking the hub.
 */
unchecked: boolean, };

export type TraceStepView = { 
/**
 * Why.
 */
kind: 'line' | 'order' | 'mo_ling' | 'promotion' | 'coupon', 
/**
 * The promotion's name; none for what a person gave.
 */
name: NameView | null, 
/**
 * How much.
 */
amount: MoneyView, 
/**
 * What was left then.
 */
left: MoneyView, };

export type TraceLostView = { 
/**
 * Its name.
 */
name: NameView, 
/**
 * `not_now`, `other_store`, `other_level`, `price_by_hand`, `beaten`, `limit_reached`, `no_gain`, `too_few` or
 * `spend_more`.
 */
why: string, 
/**
 * The one that beat it.
 */
by: NameView | null, 
/**
 * What is missing to it.
 */
missing: MoneyView | null, };

export type PriceTraceView = { 
/**
 * The line.
 */
line: number, 
/**
 * The catalogue's price of one unit.
 */
catalogue: MoneyView, 
/**
 * The price of one unit.
 */
price: MoneyView, 
/**
 * `catalogue`, `list` or `hand`.
 */
source: string, 
/**
 * The price list's name.
 */
list: NameView | null, 
/**
 * Quantity times price.
 */
extended: MoneyView, 
/**
 * What was taken off, in order.
 */
given: Array<TraceStepView>, 
/**
 * What gave nothing.
 */
lost: Array<TraceLostView>, 
/**
 * What is left.
 */
left: MoneyView, };

export type PromotionForm = { 
/**
 * Its id, empty for a new one.
 */
id: string, 
/**
 * Chinese name.
 */
name_zh: string, 
/**
 * English name.
 */
name_en: string, 
/**
 * `percent`, `amount`, `fixed_price`, `buy_get`, `mix_and_match` or `threshold`.
 */
kind: string, 
/**
 * `10` for 10 %.
 */
percent: string, 
/**
 * An amount or price.
 */
amount: string, 
/**
 * Pieces at their price.
 */
buy: string, 
/**
 * Pieces with the discount.
 */
get: string, 
/**
 * Pieces of a group.
 */
count: string, 
/**
 * What must be spent.
 */
spend: string, 
/**
 * For every full amount spent.
 */
every: boolean, 
/**
 * SKUs or barcodes, with spaces between.
 */
products: string, 
/**
 * SKUs or barcodes that are left out.
 */
except: string, 
/**
 * Codes of categories.
 */
categories: Array<string>, 
/**
 * In every store; else in this one.
 */
all_stores: boolean, 
/**
 * Levels of members, with spaces between.
 */
levels: string, 
/**
 * `2026-12-01T00:00`, may be empty.
 */
from: string, 
/**
 * The same.
 */
until: string, 
/**
 * 1 for Monday to 7 for Sunday.
 */
weekdays: Array<number>, 
/**
 * `17:00`, may be empty.
 */
hours_from: string, 
/**
 * The same.
 */
hours_until: string, 
/**
 * Lower comes first.
 */
priority: string, 
/**
 * On top of every other.
 */
stacks: boolean, 
/**
 * The group that it is exclusive in.
 */
group: string, 
/**
 * How often in one order at most.
 */
per_order: string, 
/**
 * For coupons alone.
 */
coupons: boolean, 
/**
 * Coupons are taken while the hub cannot be asked.
 */
offline_coupons: boolean, };

export type PromotionView = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its name.
 */
name: NameView, 
/**
 * `draft`, `live` or `ended`.
 */
state: string, 
/**
 * True when it gives something at this moment.
 */
holds_now: boolean, 
/**
 * True when it will not hold again.
 */
over: boolean, 
/**
 * What kind.
 */
kind: string, 
/**
 * For the form.
 */
form: PromotionForm, };

export type ClashView = { 
/**
 * Its name.
 */
name: NameView, 
/**
 * In how many baskets.
 */
baskets: number, 
/**
 * How much it would have given less.
 */
lost: MoneyView, };

export type TrialView = { 
/**
 * `none`, `running` or `done`.
 */
state: string, 
/**
 * Over how many days.
 */
days: number, 
/**
 * How much of them is done.
 */
percent: number, 
/**
 * Sales tried.
 */
baskets: number, 
/**
 * Sales on which it would have given something.
 */
touched: number, 
/**
 * What it would have given.
 */
given: MoneyView, 
/**
 * What the shop would have taken less in all.
 */
cost: MoneyView, 
/**
 * The same for each sale that it touched.
 */
average: MoneyView, 
/**
 * What the touched sales came to.
 */
turnover: MoneyView, 
/**
 * Promotions that would have given less.
 */
clashes: Array<ClashView>, };

export type CharactersView = "gbk" | "gb18030";

export type CodesView = "native" | "raster";

export type CutView = "partial" | "full" | "none";

export type DisplayView = "off" | "screen" | "window";

export type SuffixView = "either" | "enter" | "tab" | "text";

export type PrinterProfileView = { 
/**
 * Its characters.
 */
characters: CharactersView, 
/**
 * Its way with QR codes.
 */
qr: CodesView, 
/**
 * Its way with barcodes.
 */
barcodes: CodesView, 
/**
 * Its knife.
 */
cut: CutView, };

export type DeviceSettingsView = { 
/**
 * The receipt printer.
 */
receipt: PrinterProfileView, 
/**
 * Whether receipts begin with the logo.
 */
logo: boolean, 
/**
 * Where the label printer is, in the forms of `printer_address`; empty: none.
 */
label_address: string, 
/**
 * Columns of its paper: 48 or 32.
 */
label_columns: number, 
/**
 * The label printer.
 */
label: PrinterProfileView, 
/**
 * The customer display.
 */
display: DisplayView, 
/**
 * Its language.
 */
display_language: 'zh' | 'en', 
/**
 * Where a pole display of 2 × 20 characters is, `serial:…`; empty: none.
 */
pole: string, 
/**
 * What a scanner that types sends behind a code.
 */
scanner_suffix: SuffixView, 
/**
 * The text that it sends, where it is one.
 */
scanner_suffix_text: string, 
/**
 * The longest mean time between its keys, in milliseconds.
 */
scanner_gap_ms: number, 
/**
 * Where a scanner in serial mode is, `serial:…`; empty: none.
 */
scanner_port: string, };

export type PrinterView = { 
/**
 * `receipt` or `label`.
 */
printer: string, 
/**
 * Where it is; empty: none is set up.
 */
address: string, 
/**
 * Jobs that wait for it.
 */
waiting: number, 
/**
 * Why it does not print, if it does not.
 */
problem: Problem | null, };

export type PrintJobView = { 
/**
 * Its number.
 */
id: number, 
/**
 * `receipt` or `label`.
 */
printer: string, 
/**
 * What it is: a receipt's number, `Z 12`; may be empty.
 */
title: string, 
/**
 * When it was queued, in the store's time; empty for jobs of an older version.
 */
at: string, 
/**
 * `waiting`, `failed`, `printed` or `cancelled`.
 */
state: string, 
/**
 * True when a part of it may be on paper: the next try says so on the paper.
 */
begun: boolean, 
/**
 * How often it failed.
 */
attempts: number, 
/**
 * Why it failed last.
 */
problem: Problem | null, 
/**
 * True when it can be printed again from here.
 */
again: boolean, };

export type PrintQueueView = { 
/**
 * The printers.
 */
printers: Array<PrinterView>, 
/**
 * What waits in its order, then what is done, newest first.
 */
jobs: Array<PrintJobView>, };

export type PortsView = { 
/**
 * Addresses of printers.
 */
printers: Array<string>, 
/**
 * Addresses of serial lines.
 */
serial: Array<string>, 
/**
 * Why the scanner's or the pole display's line cannot be used, if it cannot.
 */
problem: Problem | null, };

export type LogoView = { 
/**
 * The PNG, base64; empty: none.
 */
png: string, };

export type CustomerLineView = { 
/**
 * Its number in the order.
 */
id: number, 
/**
 * What is bought.
 */
name: NameView, 
/**
 * `2 x 12.90`.
 */
detail: string, 
/**
 * What was taken off, one by one.
 */
discounts: Array<MoneyView>, 
/**
 * What the customer pays for it.
 */
payable: MoneyView, };

export type QrView = { 
/**
 * What is in it, for those who cannot see it.
 */
text: string, 
/**
 * Row by row, `1` for dark.
 */
rows: Array<string>, };

export type CustomerView = { 
/**
 * `idle`, `ringing`, `paying` or `done`.
 */
state: string, 
/**
 * The shop's name.
 */
shop: NameView, 
/**
 * The display's language.
 */
language: 'zh' | 'en', 
/**
 * Light or dark, as the till.
 */
theme: string, 
/**
 * The lines of the order.
 */
lines: Array<CustomerLineView>, 
/**
 * The line that changed last.
 */
last_line: number | null, 
/**
 * What was taken off, if anything.
 */
discount: MoneyView | null, 
/**
 * What the order comes to.
 */
total: MoneyView | null, 
/**
 * What is left to pay.
 */
due: MoneyView | null, 
/**
 * What goes back.
 */
change: MoneyView | null, 
/**
 * A code to scan: of the receipt once the sale is done.
 */
qr: QrView | null, };

export type SessionNews = { "kind": "customer", 
/**
 * All of it.
 */
view: CustomerView, } | { "kind": "scan", 
/**
 * What, without the symbology identifier.
 */
data: string, 
/**
 * The AIM symbology identifier without its bracket, `E0`; may be empty.
 */
aim: string, };

export type TillEvent = { "type": "sync", "data": SyncView } | { "type": "catalogue" } | { "type": "shift" } | { "type": "session", "data": { 
/**
 * Which.
 */
session: string, 
/**
 * What it is told.
 */
news: SessionNews, } };

export type ReportFigureView = { 
/**
 * What it is about; with `key` and `currency` the way to its entries.
 */
dimension: string, 
/**
 * Which one of its kind; empty: all of them.
 */
key: string, 
/**
 * ISO 4217 code; empty for what is only counted.
 */
currency: string, 
/**
 * What it is called.
 */
label: NameView, 
/**
 * How many orders, payments or lines.
 */
count: number, 
/**
 * How many goods, may be empty.
 */
quantity: string, 
/**
 * How much; none for what is only counted.
 */
amount: MoneyView | null, 
/**
 * A second amount, as the section says.
 */
second: MoneyView | null, 
/**
 * The same figure of as many days before; may be empty.
 */
before: string, 
/**
 * The difference to it, `+12.3%`; may be empty.
 */
change: string, 
/**
 * The same figure a week before; may be empty.
 */
week: string, 
/**
 * The difference to it; may be empty.
 */
change_week: string, 
/**
 * Thousandths of the section's largest, for a bar.
 */
share: number, };

export type ReportSectionView = { 
/**
 * What kind.
 */
id: string, 
/**
 * What it is called.
 */
title: NameView, 
/**
 * What the second amount is, where there is one.
 */
second: NameView | null, 
/**
 * The figures.
 */
figures: Array<ReportFigureView>, 
/**
 * How many more there are.
 */
more: number, };

export type ReportView = { 
/**
 * The first day.
 */
from: string, 
/**
 * The last day.
 */
to: string, 
/**
 * True: the last day is not over, figures still change.
 */
live: boolean, 
/**
 * When it was made, in the store's time.
 */
at: string, 
/**
 * ISO 4217 code.
 */
currency: string, 
/**
 * How many journal entries it was made from.
 */
entries: number, 
/**
 * What is looked at first: net sales, orders, average …
 */
headline: Array<ReportFigureView>, 
/**
 * The rest by kind.
 */
sections: Array<ReportSectionView>, 
/**
 * Sales less refunds of this terminal since its first entry; never set back.
 */
perpetual: MoneyView, 
/**
 * Currencies of amounts that the headline leaves out.
 */
other_currencies: Array<string>, };

export type ReportEntryView = { 
/**
 * Its number in the journal.
 */
seq: number, 
/**
 * What happened.
 */
kind: string, 
/**
 * The receipt's number, may be empty.
 */
receipt: string, 
/**
 * The order's id, may be empty.
 */
order: string, 
/**
 * When, in the store's time.
 */
at: string, 
/**
 * Who was signed in, may be empty.
 */
staff: string, 
/**
 * What it adds to the figure's count.
 */
count: number, 
/**
 * Goods, may be empty.
 */
quantity: string, 
/**
 * What it adds to the figure's amount.
 */
amount: MoneyView | null, 
/**
 * The SHA-256 of the entry, hex.
 */
hash: string, 
/**
 * True: the terminal's signature holds.
 */
signed: boolean, };

export type ReportEntriesView = { 
/**
 * A page of them.
 */
entries: Array<ReportEntryView>, 
/**
 * How many there are.
 */
all: number, 
/**
 * What they count together.
 */
count: number, 
/**
 * What they come to together.
 */
amount: MoneyView | null, 
/**
 * True when more follow.
 */
more: boolean, };

export type TrainingView = { 
/**
 * What can be made to go wrong, by name.
 */
faults: Array<string>, 
/**
 * What goes wrong now; empty: nothing.
 */
fault: string, 
/**
 * Since when, in the store's time.
 */
fault_since: string, };

export type DrillView = { 
/**
 * What went wrong.
 */
fault: string, 
/**
 * When it ended, in the store's time.
 */
at: string, 
/**
 * Who ended it.
 */
staff: string, 
/**
 * Milliseconds from the fault to its end.
 */
lasted_ms: number, 
/**
 * Milliseconds until the shop was selling again; none: it did not.
 */
recovered_ms: number | null, 
/**
 * Sales finished meanwhile.
 */
sales: number, 
/**
 * What was missing afterwards.
 */
lost: number, 
/**
 * Sold under the fault, and nothing lost.
 */
passed: boolean, };

export type KindView = { 
/**
 * The kind.
 */
kind: string, 
/**
 * How many.
 */
count: number, };

export type AuditEntryView = { 
/**
 * Its number.
 */
seq: number, 
/**
 * When, in the store's time, with seconds.
 */
at: string, 
/**
 * Who was signed in; may be empty.
 */
staff: string, 
/**
 * Its kind.
 */
kind: string, 
/**
 * What it says, in a sentence.
 */
words: NameView, 
/**
 * SHA-256 of its text.
 */
hash: string, 
/**
 * The hash of the entry before, as this one carries it.
 */
prev: string, 
/**
 * `ok`, or what is wrong with signature or chain.
 */
signature: string, 
/**
 * True once the hub holds it.
 */
synced: boolean, 
/**
 * What it says, as JSON.
 */
body: string, };

export type AuditPage = { 
/**
 * The entries.
 */
entries: Array<AuditEntryView>, 
/**
 * True when more follow.
 */
more: boolean, 
/**
 * What kinds there are; with the first page alone.
 */
kinds: Array<KindView>, };

export type AuditExportView = { 
/**
 * Where it lies, on the machine of the terminal.
 */
folder: string, 
/**
 * How many entries.
 */
entries: number, };

export type CommandCodeView = { 
/**
 * What a scanner reads.
 */
code: string, 
/**
 * What it does or whose badge it is.
 */
name: NameView, 
/**
 * Its QR code row by row: `#` dark, `.` light.
 */
rows: Array<string>, };

export type ScannedView = { 
/**
 * The price on the label.
 */
label_price: MoneyView | null, 
/**
 * What the till's price makes of the label's weight, where that is another; the label's stands.
 */
till_price: MoneyView | null, 
/**
 * The lot, may be empty.
 */
lot: string, 
/**
 * The serial number, may be empty.
 */
serial: string, 
/**
 * The last day it may be sold, may be empty.
 */
expiry: string, 
/**
 * Best before, may be empty.
 */
best_before: string, 
/**
 * True when best before has passed.
 */
past_best: boolean, };

export type GoodsView = { 
/**
 * The product.
 */
product: ProductView, 
/**
 * How much the code stands for.
 */
quantity: string, 
/**
 * The lot, may be empty.
 */
lot: string, 
/**
 * The last day it may be sold, may be empty.
 */
expiry: string, 
/**
 * What should be in stock now.
 */
on_hand: string, };

export type ProductDetailView = { 
/**
 * As it is shown elsewhere.
 */
product: ProductView, 
/**
 * All its barcodes.
 */
barcodes: Array<string>, 
/**
 * The code of its tax class.
 */
tax: string, 
/**
 * False: no longer sold.
 */
active: boolean, 
/**
 * More should be ordered at this much or less, may be empty.
 */
reorder_at: string, 
/**
 * What its variants are told apart by.
 */
options: Array<NameView>, 
/**
 * What it is in each option of the product it is a variant of.
 */
values: Array<NameView>, 
/**
 * The product that it is a variant of, empty for none.
 */
variant_of: string, 
/**
 * Its variants.
 */
variants: Array<ProductView>, 
/**
 * The tax classes it may have.
 */
tax_classes: Array<string>, };

export type ProductForm = { 
/**
 * Its id; empty for a new one.
 */
id: string, 
/**
 * The shop's own code.
 */
sku: string, 
/**
 * Its names.
 */
name: NameView, 
/**
 * The price of one unit as typed.
 */
price: string, 
/**
 * What a scanner may read for it.
 */
barcodes: Array<string>, 
/**
 * Its category's code, may be empty.
 */
category: string, 
/**
 * What one unit is.
 */
unit: 'piece' | 'kilogram' | 'metre' | 'litre', 
/**
 * The code of its tax class; empty: the store's only one.
 */
tax: string, 
/**
 * Name of its picture, may be empty.
 */
picture: string, 
/**
 * False: no longer sold.
 */
active: boolean, 
/**
 * Years that a customer must have reached, may be empty.
 */
minimum_age: string, 
/**
 * More should be ordered at this much or less, may be empty.
 */
reorder_at: string, 
/**
 * What its variants are told apart by.
 */
options: Array<NameView>, 
/**
 * What it is in each option of the product it is a variant of.
 */
values: Array<NameView>, 
/**
 * The product that it is a variant of, empty for none.
 */
variant_of: string, };

export type MovementView = { 
/**
 * The terminal's number.
 */
terminal: number, 
/**
 * The entry of its journal.
 */
seq: number, 
/**
 * When, in the store's time.
 */
at: string, 
/**
 * Who, may be empty.
 */
staff: string, 
/**
 * `sale`, `refund`, `adjusted`, `received`, `counted`, `transfer_sent` or `transfer_received`.
 */
kind: string, 
/**
 * The receipt, or why.
 */
reference: string, 
/**
 * A note of the line, may be empty.
 */
note: string, 
/**
 * By how much.
 */
delta: string, 
/**
 * What was there after it.
 */
balance: string, };

export type StockLedgerView = { 
/**
 * The movements.
 */
movements: Array<MovementView>, 
/**
 * What should be in stock; empty where nobody has said.
 */
on_hand: string, 
/**
 * True: of all terminals of the store, as the hub holds them. False: of this terminal alone, the hub is away.
 */
whole_store: boolean, 
/**
 * Ask for what comes before this; 0 when there is no more.
 */
before: number, };

export type ReceiveLine = { 
/**
 * The product's id.
 */
product: string, 
/**
 * How much.
 */
quantity: string, 
/**
 * What one unit cost, may be empty.
 */
cost: string, 
/**
 * The lot, may be empty.
 */
lot: string, 
/**
 * The last day it may be sold, `2026-11-24`, may be empty.
 */
expiry: string, };

export type CountLine = { 
/**
 * The product's id.
 */
product: string, 
/**
 * What should have been there when it was counted: `on_hand` of [`GoodsView`].
 */
expected: string, 
/**
 * What was there.
 */
counted: string, };

export type AmountLine = { 
/**
 * The product's id.
 */
product: string, 
/**
 * How much; below zero for what is gone.
 */
amount: string, };

export type StockDocumentView = { 
/**
 * Its id.
 */
id: string, 
/**
 * The entry in the journal.
 */
seq: number, 
/**
 * What it changed.
 */
lines: Array<StockLineView>, };

export type StockLineView = { 
/**
 * The product's code.
 */
sku: string, 
/**
 * By how much stock changed.
 */
delta: string, 
/**
 * A note, may be empty.
 */
note: string, };

export type LowStockView = { 
/**
 * The product.
 */
product: ProductView, 
/**
 * What is there.
 */
on_hand: string, 
/**
 * More should be ordered at this much or less; empty: it is below zero.
 */
reorder_at: string, };

export type StoreView = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its code.
 */
code: string, 
/**
 * Its name.
 */
name: NameView, };

export type TransferView = { 
/**
 * Its id.
 */
id: string, 
/**
 * True: to this store; false: from it.
 */
incoming: boolean, 
/**
 * The other store.
 */
store: StoreView, 
/**
 * When they were sent, in the store's time.
 */
at: string, 
/**
 * A note, may be empty.
 */
note: string, 
/**
 * What.
 */
lines: Array<TransferLineView>, };

export type TransferLineView = { 
/**
 * The product's id.
 */
product: string, 
/**
 * Its code.
 */
sku: string, 
/**
 * Its names, empty where this store does not know it.
 */
name: NameView, 
/**
 * How much was sent.
 */
quantity: string, };

export type TransfersView = { 
/**
 * On their way.
 */
open: Array<TransferView>, 
/**
 * The other stores.
 */
stores: Array<StoreView>, };

export type FileView = { 
/**
 * Its name.
 */
name: string, 
/**
 * Its media type.
 */
mime: string, 
/**
 * Its content, base64.
 */
content: string, };

export type LabelLine = { 
/**
 * The product's id.
 */
product: string, 
/**
 * How many.
 */
copies: number, };

export type LabelsView = { 
/**
 * The sheet as HTML, empty where they went to the printer.
 */
sheet: string, 
/**
 * How many labels.
 */
count: number, };

export type ImportColumnView = { 
/**
 * Its heading in the file.
 */
heading: string, 
/**
 * The column of the catalogue, empty: left out.
 */
column: string, };

export type ImportErrorView = { 
/**
 * The row as the spreadsheet numbers it.
 */
row: number, 
/**
 * The heading of its column, empty for the whole row.
 */
column: string, 
/**
 * What stands there.
 */
value: string, 
/**
 * A word for why: `price`, `doubled_sku` …
 */
reason: string, 
/**
 * More about it, may be empty.
 */
detail: string, };

export type ImportView = { 
/**
 * Its id.
 */
id: string, 
/**
 * `uploading`, `checking`, `ready`, `wrong`, `writing`, `done` or `cancelled`.
 */
state: string, 
/**
 * Bytes that the hub has.
 */
received: number, 
/**
 * Bytes of the file.
 */
size: number, 
/**
 * Rows gone through.
 */
rows: number, 
/**
 * Rows in all, as far as known.
 */
total: number, 
/**
 * Products that are new.
 */
created: number, 
/**
 * Products that change.
 */
updated: number, 
/**
 * Products that stay.
 */
unchanged: number, 
/**
 * The columns.
 */
columns: Array<ImportColumnView>, 
/**
 * The first rows as they stand there.
 */
sample: Array<Array<string>>, 
/**
 * What is wrong; the first of them.
 */
errors: Array<ImportErrorView>, 
/**
 * How much is wrong.
 */
error_count: number, };

export type PiecesEntry = { 
/**
 * What one is worth: `0.50`.
 */
value: string, 
/**
 * How many, as typed; empty means none.
 */
pieces: string, };

export type CountEntry = { 
/**
 * By value.
 */
pieces: Array<PiecesEntry>, 
/**
 * Counted without pieces, as typed; empty means nothing.
 */
loose: string, };

export type CountView = { 
/**
 * What the pieces of each value come to, in the order of the entry.
 */
worth: Array<MoneyView>, 
/**
 * All together.
 */
total: MoneyView, };

export type UnfinishedView = { 
/**
 * For `cancel_unfinished`.
 */
id: string, 
/**
 * `held`: put aside; `open`: being rung up or paid at a screen.
 */
kind: string, 
/**
 * What it was called; may be empty.
 */
label: string, 
/**
 * Who rang it up.
 */
staff: string, 
/**
 * What it comes to.
 */
total: MoneyView, 
/**
 * How many lines it has.
 */
lines: number, };

export type CashMoveView = { 
/**
 * When.
 */
at: string, 
/**
 * `pay_in`, `pay_out`, `safe_drop` or `bank_drop`.
 */
way: 'pay_in' | 'pay_out' | 'safe_drop' | 'bank_drop', 
/**
 * How much.
 */
amount: MoneyView, 
/**
 * Why.
 */
reason: string, 
/**
 * Who was signed in.
 */
staff: string, };

export type CountedView = { 
/**
 * What lay in the drawer.
 */
total: MoneyView, 
/**
 * What had to lie in it.
 */
expected: MoneyView, 
/**
 * By how much it was over or short, without sign.
 */
difference: MoneyView, 
/**
 * Which of them.
 */
verdict: 'even' | 'over' | 'short', 
/**
 * Somebody with the right has to confirm the difference, with a reason.
 */
confirm: boolean, };

export type ShiftView = { 
/**
 * Whether one is open.
 */
state: 'closed' | 'open' | 'suspended', 
/**
 * The number that its Z will bear.
 */
number: number, 
/**
 * Who answers for the drawer, by id; empty while closed.
 */
cashier: string, 
/**
 * The same, as people call them.
 */
cashier_name: string, 
/**
 * Since when; empty when it was not opened.
 */
opened_at: string, 
/**
 * Selling needs an opened shift in this shop.
 */
required: boolean, 
/**
 * Coins and notes, ascending.
 */
coins: Array<MoneyView>, 
/**
 * Orders that stand in the way of closing.
 */
unfinished: Array<UnfinishedView>, 
/**
 * Cash that moved without a sale, oldest first.
 */
moves: Array<CashMoveView>, 
/**
 * How many sales.
 */
sales: number, 
/**
 * How many refunds.
 */
refunds: number, 
/**
 * How often the drawer was opened without a sale.
 */
no_sales: number, 
/**
 * How often the clock was set back.
 */
clock_back: number, 
/**
 * What must lie in the drawer; only for those who may know before it is counted.
 */
expected: MoneyView | null, 
/**
 * The count to close it, as long as no cash moved since.
 */
counted: CountedView | null, };

export type ShiftReportView = { 
/**
 * The number: of a Z its own, of an X the one that the Z will bear.
 */
number: number, 
/**
 * As it is printed.
 */
text: string, 
/**
 * `waiting`: queued for the printer; `none`: not printed.
 */
print: string, };

export type ZSummaryView = { 
/**
 * Its number.
 */
number: number, 
/**
 * When the shift was closed.
 */
at: string, 
/**
 * The day that it belongs to.
 */
business_date: string, 
/**
 * By whom.
 */
staff: string, 
/**
 * Sales less refunds.
 */
net: MoneyView, 
/**
 * By how much the drawer was over (below zero: short), hand-overs included.
 */
over_short: MoneyView, 
/**
 * True once the hub holds it.
 */
synced: boolean, };

export type ProofView = { 
/**
 * `equal`; `not_all_sent`: equal as far as the hub holds the entries; `different`: an incident was written down;
 * `not_asked`: the hub cannot be asked now; `no_hub`; `broken`: a signature or the chain does not hold.
 */
verdict: string, 
/**
 * Entries behind the figure.
 */
entries: number, 
/**
 * Entries of these days whose signature and place in the chain were checked.
 */
checked: number, 
/**
 * Entries behind the figure that the hub does not hold yet.
 */
unsent: number, 
/**
 * What they come to.
 */
own: string, 
/**
 * What those come to that the hub holds.
 */
own_at_hub: string, 
/**
 * What the hub's running sums come to; may be empty.
 */
hub_sums: string, 
/**
 * What the entries come to that the hub holds, folded once more; may be empty.
 */
hub_entries: string, 
/**
 * Why the hub was not asked, or what does not hold.
 */
problem: Problem | null, };

export type ReportFileView = { 
/**
 * Its name.
 */
name: string, 
/**
 * Its media type.
 */
media_type: string, 
/**
 * Its bytes, base64; empty where it was saved.
 */
content: string, 
/**
 * Where it was saved on the terminal's machine; empty where it is to be taken from `content`.
 */
saved: string, };

export type RefundLineArgs = { 
/**
 * The line, counted from 0.
 */
line: number, 
/**
 * How much, `2` or `0.355`.
 */
quantity: string, };

export type RefundSaleView = { 
/**
 * The sale's order.
 */
sale: string, 
/**
 * Its receipt number.
 */
receipt: string, 
/**
 * When, in the store's time.
 */
at: string, 
/**
 * The code of the store that made it; empty for this terminal's own.
 */
store: string, 
/**
 * What it came to.
 */
total: MoneyView, 
/**
 * What is left to give back.
 */
left: MoneyView, 
/**
 * Its lines.
 */
lines: Array<RefundableLineView>, 
/**
 * What its tenders paid and have not given back.
 */
tenders: Array<TenderLeftView>, 
/**
 * False: the hub did not answer, so refunds at other tills are not known here.
 */
checked: boolean, };

export type RefundableLineView = { 
/**
 * Its place in the sale, counted from 0.
 */
line: number, 
/**
 * Its code.
 */
sku: string, 
/**
 * Its names.
 */
name: NameView, 
/**
 * True: counted whole.
 */
whole: boolean, 
/**
 * How much was sold.
 */
sold: string, 
/**
 * How much is left, `0` for nothing.
 */
left: string, 
/**
 * Price of one unit.
 */
unit_price: MoneyView, 
/**
 * What giving all of it back comes to.
 */
payable: MoneyView, };

export type TenderLeftView = { 
/**
 * `cash`, `card`, `exchange` or `deposit`.
 */
kind: string, 
/**
 * The card slip's reference.
 */
reference: string | null, 
/**
 * How much.
 */
left: MoneyView, };

export type RefundPreviewView = { 
/**
 * What the lines come to.
 */
total: MoneyView, 
/**
 * How it goes back.
 */
payments: Array<PaymentView>, 
/**
 * What goes back in all, with cash rounding.
 */
back: MoneyView, };

export type CustomerOrderView = { 
/**
 * Its id.
 */
order: string, 
/**
 * What people call it.
 */
short: string, 
/**
 * `quotation` or `presale`.
 */
kind: string, 
/**
 * `quoted`, `placed`, `changed`, `completed`, `cancelled` or `expired`.
 */
state: string, 
/**
 * The last day on which its prices hold, `2026-11-30`; may be empty.
 */
valid_until: string, 
/**
 * True: that day has passed.
 */
overdue: boolean, 
/**
 * What is written on it.
 */
note: string, 
/**
 * How many lines.
 */
lines: number, 
/**
 * What it comes to.
 */
total: MoneyView, 
/**
 * What was paid on it.
 */
deposit: MoneyView, 
/**
 * What is still to be paid.
 */
due: MoneyView, 
/**
 * What the shop would keep of the deposit if it were cancelled.
 */
charge: MoneyView, 
/**
 * What would go back then.
 */
returned: MoneyView, 
/**
 * The order as printed, monospaced.
 */
text: string, };

export type CustomerOrdersView = { 
/**
 * The orders, newest first.
 */
orders: Array<CustomerOrderView>, 
/**
 * False: the hub did not answer, so these are the ones of this till alone.
 */
complete: boolean, };

export type MemberView = { 
/**
 * Their id.
 */
id: string, 
/**
 * What their card shows as a code.
 */
code: string, 
/**
 * How they want to be called; empty where the till cannot read it yet.
 */
name: string, 
/**
 * Their phone number with its middle hidden, may be empty.
 */
phone: string, 
/**
 * Their level.
 */
level: NameView | null, 
/**
 * Their points.
 */
points: number, 
/**
 * When level and points were worked out, in the store's time.
 */
as_of: string, };

export type MemberPage = { 
/**
 * The members.
 */
members: Array<MemberView>, 
/**
 * True: the hub did not answer; only members whom this store has met were looked through, and not by name.
 */
offline: boolean, };

export type MemberOnCartView = { 
/**
 * The member.
 */
member: MemberView, 
/**
 * Points spent on this order.
 */
spent: number, 
/**
 * What they take off.
 */
worth: MoneyView | null, 
/**
 * Points that the order earns as it stands.
 */
earns: number, 
/**
 * The most points that could be spent on it; 0 where it takes none.
 */
most: number, };

export type MemberProfileView = { 
/**
 * How they want to be called.
 */
name: string, 
/**
 * Their phone number as typed.
 */
phone: string, 
/**
 * `1990-05-17`, may be empty.
 */
birthday: string, 
/**
 * Their e-mail address, may be empty.
 */
email: string, 
/**
 * What the shop wrote down, may be empty.
 */
notes: string, };

export type MemberCreatedView = { 
/**
 * The member; with `number_taken` the one whom the phone number belongs to.
 */
member: MemberView, 
/**
 * True: the phone number belongs to a member already, and nobody was taken in.
 */
number_taken: boolean, };

export type ConsentView = { 
/**
 * To what.
 */
purpose: 'membership' | 'marketing', 
/**
 * True: agreed.
 */
given: boolean, 
/**
 * Which version of the text.
 */
text: string, 
/**
 * When, in the store's time.
 */
at: string, };

export type PointsMovementView = { 
/**
 * When, in the store's time.
 */
at: string, 
/**
 * Why.
 */
kind: 'earned' | 'spent' | 'expired' | 'taken_back' | 'given_back' | 'adjusted', 
/**
 * How many, with its sign: `+12`.
 */
points: string, 
/**
 * The receipt that says so, may be empty.
 */
receipt: string, };

export type MemberGoodsView = { 
/**
 * How much.
 */
quantity: string, 
/**
 * Of what.
 */
name: NameView, };

export type MemberOrderView = { 
/**
 * Its number.
 */
receipt: string, 
/**
 * `sale` or `refund`.
 */
kind: string, 
/**
 * When, in the store's time.
 */
at: string, 
/**
 * What it came to.
 */
total: MoneyView, 
/**
 * What was in it: quantity and name of each line.
 */
goods: Array<MemberGoodsView>, };

export type AccessView = { 
/**
 * When, in the store's time.
 */
at: string, 
/**
 * Who.
 */
staff: string, 
/**
 * Why.
 */
why: 'sale' | 'service' | 'export' | 'erasure', };

export type MemberFileView = { 
/**
 * The member.
 */
member: MemberView, 
/**
 * What they told.
 */
profile: MemberProfileView, 
/**
 * When they were taken in, in the store's time.
 */
joined_at: string, 
/**
 * The code of the store where that was.
 */
home: string, 
/**
 * What they agree to now, one a purpose.
 */
consents: Array<ConsentView>, 
/**
 * How many points expire next; empty where none do.
 */
expiring: string, 
/**
 * When, in the store's time.
 */
expiring_at: string, 
/**
 * What was spent within the months that make the level.
 */
spend: MoneyView, 
/**
 * Points that came and went, newest first.
 */
movements: Array<PointsMovementView>, 
/**
 * What they bought and gave back, newest first.
 */
orders: Array<MemberOrderView>, 
/**
 * Who looked at their data, newest first.
 */
access: Array<AccessView>, };

export type MemberExportView = { 
/**
 * A name for the file.
 */
file: string, 
/**
 * Its content: JSON.
 */
text: string, };

export type AppArgs = Record<symbol, never>;

export type SignInArgs = { staff: string, pin: string, };

export type SignOutArgs = Record<symbol, never>;

export type CategoriesArgs = Record<symbol, never>;

export type BrowseArgs = { category: string, offset: number, limit: number, };

export type SearchArgs = { text: string, limit: number, };

export type ScanArgs = { code: string, quantity: string, };

export type AddArgs = { product: string, quantity: string, };

export type SetQuantityArgs = { line: number, quantity: string, };

export type SetPriceArgs = { line: number, price: string, };

export type SetLineDiscountArgs = { line: number, discount: string, };

export type SetOrderDiscountArgs = { discount: string, };

export type SetMoLingArgs = { on: boolean, };

export type RemoveLineArgs = { line: number, reason: string | null, };

export type ClearArgs = { reason: string | null, };

export type HoldArgs = { label: string, };

export type HeldArgs = Record<symbol, never>;

export type RecallArgs = { id: string, };

export type BeginPaymentArgs = Record<symbol, never>;

export type TenderCashArgs = { given: string, };

export type TenderCardArgs = { amount: string, reference: string, };

export type RemovePaymentArgs = { payment: string, };

export type CancelPaymentArgs = Record<symbol, never>;

export type FinishArgs = { print: boolean | null, };

export type RecentArgs = { before: number, limit: number, };

export type ReceiptArgs = { order: string, };

export type ProveFigureArgs = { from: string, to: string, dimension: string, key: string, currency: string, };

export type PrintReportArgs = { from: string, to: string, };

export type ExportReportArgs = { from: string, to: string, format: string, save: boolean, };

export type ReprintArgs = { order: string, };

export type TestPrintArgs = Record<symbol, never>;

export type SyncArgs = Record<symbol, never>;

export type SyncNowArgs = Record<symbol, never>;

export type EnrolArgs = { hub: string, code: string, };

export type AddCouponArgs = { code: string, };

export type RemoveCouponArgs = { code: string, };

export type PriceTraceArgs = { line: number, };

export type PromotionsArgs = Record<symbol, never>;

export type SavePromotionArgs = { form: PromotionForm, publish: boolean, };

export type EndPromotionArgs = { id: string, };

export type StartTrialArgs = { form: PromotionForm, days: number, };

export type TrialArgs = Record<symbol, never>;

export type CancelTrialArgs = Record<symbol, never>;

export type SetSettingsArgs = { settings: SettingsView, };

export type AuthoriseArgs = { permission: string, staff: string, pin: string, reason: string, };

export type ReportArgs = { from: string, to: string, };

export type ReportEntriesArgs = { from: string, to: string, dimension: string, key: string, currency: string, offset: number, limit: number, };

export type StillHereArgs = Record<symbol, never>;

export type UndoArgs = Record<symbol, never>;

export type BeginTrainingArgs = Record<symbol, never>;

export type EndTrainingArgs = Record<symbol, never>;

export type BeginDrillArgs = { fault: string, };

export type EndDrillArgs = Record<symbol, never>;

export type DrillsArgs = Record<symbol, never>;

export type AuditArgs = { kind: string, staff: string, from: string, until: string, text: string, before: number, limit: number, };

export type AuditExportArgs = { kind: string, staff: string, from: string, until: string, text: string, };

export type CommandCodesArgs = Record<symbol, never>;

export type PrintCommandCodesArgs = Record<symbol, never>;

export type VariantsArgs = { product: string, };

export type FindGoodsArgs = { code: string, };

export type ProductArgs = { product: string, };

export type StockLedgerArgs = { product: string, before: number, };

export type LowStockArgs = Record<symbol, never>;

export type ReceiveGoodsArgs = { supplier: string, note: string, lines: Array<ReceiveLine>, };

export type CountGoodsArgs = { reason: string, lines: Array<CountLine>, };

export type AdjustGoodsArgs = { reason: string, lines: Array<AmountLine>, };

export type TransfersArgs = Record<symbol, never>;

export type SendGoodsArgs = { to: string, note: string, lines: Array<AmountLine>, };

export type TakeInTransferArgs = { transfer: string, note: string, lines: Array<AmountLine>, };

export type SaveProductArgs = { form: ProductForm, };

export type ExportCatalogueArgs = { format: string, };

export type ImportArgs = { step: string, id: string, name: string, size: number, offset: number, data: string, mapping: Array<ImportColumnView>, };

export type LabelsArgs = { to: string, symbol: string, lines: Array<LabelLine>, };

export type ShiftArgs = Record<symbol, never>;

export type AddUpArgs = { count: CountEntry, };

export type OpenShiftArgs = { count: CountEntry, };

export type MoveCashArgs = { way: string, amount: string, reason: string, };

export type NoSaleArgs = { reason: string, };

export type HandOverArgs = { to: string, count: CountEntry | null, };

export type SuspendShiftArgs = Record<symbol, never>;

export type ResumeShiftArgs = Record<symbol, never>;

export type XReportArgs = { print: boolean, };

export type CountShiftArgs = { count: CountEntry, };

export type CloseShiftArgs = { taken_out: string, reason: string, };

export type CancelUnfinishedArgs = { id: string, reason: string, };

export type ZReportsArgs = { before: number, limit: number, };

export type ZReportArgs = { number: number, print: boolean, };

export type RefundLookupArgs = { receipt: string, };

export type RefundPreviewArgs = { lines: Array<RefundLineArgs>, tender: string, reference: string, };

export type RefundArgs = { lines: Array<RefundLineArgs>, reason: string, tender: string, reference: string, print: boolean | null, };

export type RefundGoodsArgs = { receipt: string, reason: string, tender: string, reference: string, print: boolean | null, };

export type BeginExchangeArgs = { lines: Array<RefundLineArgs>, reason: string, tender: string, reference: string, };

export type DropExchangeArgs = Record<symbol, never>;

export type SetNoteArgs = { note: string, };

export type PlaceOrderArgs = { kind: string, valid_until: string, deposit: string, tender: string, reference: string, };

export type CustomerOrdersArgs = Record<symbol, never>;

export type PayOnOrderArgs = { order: string, amount: string, tender: string, reference: string, };

export type TakeUpOrderArgs = { order: string, };

export type PutBackOrderArgs = Record<symbol, never>;

export type ChangeOrderArgs = { valid_until: string, };

export type CancelOrderArgs = { order: string, reason: string, tender: string, reference: string, };

export type PrintOrderArgs = { order: string, };

export type FindMembersArgs = { text: string, };

export type AttachMemberArgs = { member: string, };

export type DetachMemberArgs = Record<symbol, never>;

export type SpendPointsArgs = { points: string, };

export type MemberFileArgs = { member: string, };

export type CreateMemberArgs = { profile: MemberProfileView, consents: Array<string>, };

export type ChangeMemberArgs = { member: string, profile: MemberProfileView, };

export type RecordConsentArgs = { member: string, purpose: string, given: boolean, };

export type AdjustPointsArgs = { member: string, points: string, reason: string, };

export type ExportMemberArgs = { member: string, };

export type EraseMemberArgs = { member: string, confirm: string, reason: string, };

export type PrintQueueArgs = Record<symbol, never>;

export type RetryPrintsArgs = Record<symbol, never>;

export type CancelPrintArgs = { job: number, };

export type PrintAgainArgs = { job: number, };

export type TestPrinterArgs = { printer: string, };

export type PortsArgs = Record<symbol, never>;

export type LogoArgs = Record<symbol, never>;

export type SetLogoArgs = { png: string, };

export type CustomerArgs = Record<symbol, never>;

export type TakeScansArgs = Record<symbol, never>;

export interface Commands {
  app: { args: AppArgs; answer: AppView };
  sign_in: { args: SignInArgs; answer: SessionView };
  sign_out: { args: SignOutArgs; answer: null };
  categories: { args: CategoriesArgs; answer: Array<CategoryView> };
  browse: { args: BrowseArgs; answer: ProductPage };
  search: { args: SearchArgs; answer: ProductPage };
  scan: { args: ScanArgs; answer: CartView };
  add: { args: AddArgs; answer: CartView };
  set_quantity: { args: SetQuantityArgs; answer: CartView };
  set_price: { args: SetPriceArgs; answer: CartView };
  set_line_discount: { args: SetLineDiscountArgs; answer: CartView };
  set_order_discount: { args: SetOrderDiscountArgs; answer: CartView };
  set_mo_ling: { args: SetMoLingArgs; answer: CartView };
  remove_line: { args: RemoveLineArgs; answer: CartView };
  clear: { args: ClearArgs; answer: CartView };
  hold: { args: HoldArgs; answer: CartView };
  held: { args: HeldArgs; answer: Array<HeldView> };
  recall: { args: RecallArgs; answer: CartView };
  begin_payment: { args: BeginPaymentArgs; answer: TenderingView };
  tender_cash: { args: TenderCashArgs; answer: TenderingView };
  tender_card: { args: TenderCardArgs; answer: TenderingView };
  remove_payment: { args: RemovePaymentArgs; answer: TenderingView };
  cancel_payment: { args: CancelPaymentArgs; answer: CartView };
  finish: { args: FinishArgs; answer: ReceiptView };
  recent: { args: RecentArgs; answer: Array<OrderSummaryView> };
  receipt: { args: ReceiptArgs; answer: ReceiptView };
  prove_figure: { args: ProveFigureArgs; answer: ProofView };
  print_report: { args: PrintReportArgs; answer: null };
  export_report: { args: ExportReportArgs; answer: ReportFileView };
  reprint: { args: ReprintArgs; answer: ReceiptView };
  test_print: { args: TestPrintArgs; answer: null };
  sync: { args: SyncArgs; answer: SyncView };
  sync_now: { args: SyncNowArgs; answer: SyncView };
  enrol: { args: EnrolArgs; answer: AppView };
  add_coupon: { args: AddCouponArgs; answer: CartView };
  remove_coupon: { args: RemoveCouponArgs; answer: CartView };
  price_trace: { args: PriceTraceArgs; answer: PriceTraceView };
  promotions: { args: PromotionsArgs; answer: Array<PromotionView> };
  save_promotion: { args: SavePromotionArgs; answer: Array<PromotionView> };
  end_promotion: { args: EndPromotionArgs; answer: Array<PromotionView> };
  start_trial: { args: StartTrialArgs; answer: TrialView };
  trial: { args: TrialArgs; answer: TrialView };
  cancel_trial: { args: CancelTrialArgs; answer: TrialView };
  set_settings: { args: SetSettingsArgs; answer: SettingsView };
  authorise: { args: AuthoriseArgs; answer: null };
  report: { args: ReportArgs; answer: ReportView };
  report_entries: { args: ReportEntriesArgs; answer: ReportEntriesView };
  still_here: { args: StillHereArgs; answer: null };
  undo: { args: UndoArgs; answer: CartView };
  begin_training: { args: BeginTrainingArgs; answer: AppView };
  end_training: { args: EndTrainingArgs; answer: AppView };
  begin_drill: { args: BeginDrillArgs; answer: TrainingView };
  end_drill: { args: EndDrillArgs; answer: DrillView };
  drills: { args: DrillsArgs; answer: Array<DrillView> };
  audit: { args: AuditArgs; answer: AuditPage };
  audit_export: { args: AuditExportArgs; answer: AuditExportView };
  command_codes: { args: CommandCodesArgs; answer: Array<CommandCodeView> };
  print_command_codes: { args: PrintCommandCodesArgs; answer: null };
  variants: { args: VariantsArgs; answer: Array<ProductView> };
  find_goods: { args: FindGoodsArgs; answer: GoodsView };
  product: { args: ProductArgs; answer: ProductDetailView };
  stock_ledger: { args: StockLedgerArgs; answer: StockLedgerView };
  low_stock: { args: LowStockArgs; answer: Array<LowStockView> };
  receive_goods: { args: ReceiveGoodsArgs; answer: StockDocumentView };
  count_goods: { args: CountGoodsArgs; answer: StockDocumentView };
  adjust_goods: { args: AdjustGoodsArgs; answer: StockDocumentView };
  transfers: { args: TransfersArgs; answer: TransfersView };
  send_goods: { args: SendGoodsArgs; answer: StockDocumentView };
  take_in_transfer: { args: TakeInTransferArgs; answer: StockDocumentView };
  save_product: { args: SaveProductArgs; answer: ProductDetailView };
  export_catalogue: { args: ExportCatalogueArgs; answer: FileView };
  import: { args: ImportArgs; answer: ImportView };
  labels: { args: LabelsArgs; answer: LabelsView };
  shift: { args: ShiftArgs; answer: ShiftView };
  add_up: { args: AddUpArgs; answer: CountView };
  open_shift: { args: OpenShiftArgs; answer: ShiftView };
  move_cash: { args: MoveCashArgs; answer: ShiftView };
  no_sale: { args: NoSaleArgs; answer: ShiftView };
  hand_over: { args: HandOverArgs; answer: ShiftView };
  suspend_shift: { args: SuspendShiftArgs; answer: ShiftView };
  resume_shift: { args: ResumeShiftArgs; answer: ShiftView };
  x_report: { args: XReportArgs; answer: ShiftReportView };
  count_shift: { args: CountShiftArgs; answer: ShiftView };
  close_shift: { args: CloseShiftArgs; answer: ShiftReportView };
  cancel_unfinished: { args: CancelUnfinishedArgs; answer: ShiftView };
  z_reports: { args: ZReportsArgs; answer: Array<ZSummaryView> };
  z_report: { args: ZReportArgs; answer: ShiftReportView };
  refund_lookup: { args: RefundLookupArgs; answer: RefundSaleView };
  refund_preview: { args: RefundPreviewArgs; answer: RefundPreviewView };
  refund: { args: RefundArgs; answer: ReceiptView };
  refund_goods: { args: RefundGoodsArgs; answer: ReceiptView };
  begin_exchange: { args: BeginExchangeArgs; answer: CartView };
  drop_exchange: { args: DropExchangeArgs; answer: CartView };
  set_note: { args: SetNoteArgs; answer: CartView };
  place_order: { args: PlaceOrderArgs; answer: CustomerOrderView };
  customer_orders: { args: CustomerOrdersArgs; answer: CustomerOrdersView };
  pay_on_order: { args: PayOnOrderArgs; answer: CustomerOrderView };
  take_up_order: { args: TakeUpOrderArgs; answer: CartView };
  put_back_order: { args: PutBackOrderArgs; answer: CartView };
  change_order: { args: ChangeOrderArgs; answer: CustomerOrderView };
  cancel_order: { args: CancelOrderArgs; answer: CustomerOrderView };
  print_order: { args: PrintOrderArgs; answer: null };
  find_members: { args: FindMembersArgs; answer: MemberPage };
  attach_member: { args: AttachMemberArgs; answer: CartView };
  detach_member: { args: DetachMemberArgs; answer: CartView };
  spend_points: { args: SpendPointsArgs; answer: CartView };
  member_file: { args: MemberFileArgs; answer: MemberFileView };
  create_member: { args: CreateMemberArgs; answer: MemberCreatedView };
  change_member: { args: ChangeMemberArgs; answer: MemberFileView };
  record_consent: { args: RecordConsentArgs; answer: MemberFileView };
  adjust_points: { args: AdjustPointsArgs; answer: MemberFileView };
  export_member: { args: ExportMemberArgs; answer: MemberExportView };
  erase_member: { args: EraseMemberArgs; answer: null };
  print_queue: { args: PrintQueueArgs; answer: PrintQueueView };
  retry_prints: { args: RetryPrintsArgs; answer: PrintQueueView };
  cancel_print: { args: CancelPrintArgs; answer: PrintQueueView };
  print_again: { args: PrintAgainArgs; answer: PrintQueueView };
  test_printer: { args: TestPrinterArgs; answer: null };
  ports: { args: PortsArgs; answer: PortsView };
  logo: { args: LogoArgs; answer: LogoView };
  set_logo: { args: SetLogoArgs; answer: LogoView };
  customer: { args: CustomerArgs; answer: CustomerView };
  take_scans: { args: TakeScansArgs; answer: null };
}
