/** What the code on a receipt looks like: `store-terminal-number`. */
export function isReceiptCode(text: string): boolean {
  return /^\S+-[0-9]+-[0-9]{6,}$/.test(text);
}

/** What the code on a customer's order looks like: its id. */
export function isOrderCode(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
}
