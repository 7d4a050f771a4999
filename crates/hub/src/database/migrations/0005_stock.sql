-- What a stock document is; before there was one kind.
ALTER TABLE stock_adjustments ADD COLUMN kind {code} NOT NULL DEFAULT 'adjusted';
ALTER TABLE stock_adjustments ADD COLUMN staff {code};

-- Every movement of a product in the order it was folded, with what was on hand after it. Written by the fold, read by the
-- stock ledger of a product.
CREATE TABLE stock_ledger (
    store    {int} NOT NULL,
    product  {uuid} NOT NULL,
    number   {int} NOT NULL,
    terminal {int} NOT NULL,
    seq      {int} NOT NULL,
    line     {int} NOT NULL,
    delta    {int} NOT NULL,
    balance  {int} NOT NULL,
    PRIMARY KEY (product, store, number)
) {keyed};

-- What was folded before there was a ledger.
INSERT INTO stock_ledger (store, product, number, terminal, seq, line, delta, balance)
SELECT m.store, m.product,
    ROW_NUMBER() OVER (PARTITION BY m.store, m.product ORDER BY m.terminal, m.seq, m.line),
    m.terminal, m.seq, m.line, m.delta,
    CAST(SUM(m.delta) OVER (PARTITION BY m.store, m.product ORDER BY m.terminal, m.seq, m.line) AS {int})
FROM (
    SELECT store, terminal, seq, line, product, stock_delta AS delta FROM order_lines
    UNION ALL
    SELECT store, terminal, seq, line, product, delta FROM stock_adjustment_lines
) AS m JOIN stock_folds f ON f.store = m.store AND f.terminal = m.terminal AND m.seq <= f.folded;

-- Goods on their way between two stores: from the entry that sent them until one that took them in.
CREATE TABLE transfers (
    id          {uuid} PRIMARY KEY,
    from_store  {int} NOT NULL,
    terminal    {int} NOT NULL,
    seq         {int} NOT NULL,
    to_store    {uuid} NOT NULL,
    sent_at     {int} NOT NULL,
    arrived_at  {int},
    event       TEXT NOT NULL
) {keyed};
CREATE INDEX transfers_open ON transfers (to_store, sent_at) WHERE arrived_at IS NULL;
