-- Two more ways in which an order is paid: the other half of an exchange, and a deposit that was paid before.
CREATE TABLE payments_by_more_tenders (
    seq     INTEGER NOT NULL REFERENCES orders (seq),
    payment INTEGER NOT NULL,
    id      BLOB    NOT NULL,
    tender  TEXT    NOT NULL CHECK (tender IN ('cash', 'card', 'exchange', 'deposit')),
    amount  INTEGER NOT NULL,
    PRIMARY KEY (seq, payment)
) STRICT, WITHOUT ROWID;
INSERT INTO payments_by_more_tenders SELECT seq, payment, id, tender, amount FROM payments;
DROP TABLE payments;
ALTER TABLE payments_by_more_tenders RENAME TO payments;

-- What this terminal did to orders of customers, one row an event; `open` is 0 once the order is completed or cancelled. An
-- order that was placed at another till has only the rows of what was done to it here.
CREATE TABLE customer_orders (
    seq  INTEGER PRIMARY KEY REFERENCES journal (seq),
    id   BLOB    NOT NULL CHECK (length(id) = 16),
    kind TEXT    NOT NULL,
    open INTEGER NOT NULL CHECK (open IN (0, 1))
) STRICT;
CREATE INDEX customer_orders_id ON customer_orders (id);
