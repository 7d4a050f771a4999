-- Finding a sale by the number on its receipt, and what was given back of it.
CREATE INDEX orders_refund_of ON orders (refund_of, store) WHERE refund_of IS NOT NULL;
CREATE INDEX orders_receipt ON orders (receipt, store);

-- What tills are about to give back: until it is reported, or for half an hour, nobody else may give back the same.
CREATE TABLE refund_claims (
    refund     {uuid} NOT NULL,
    line       {int} NOT NULL,
    sale       {uuid} NOT NULL,
    quantity   {int} NOT NULL CHECK (quantity > 0),
    store      {int} NOT NULL,
    terminal   {int} NOT NULL,
    expires_at {int} NOT NULL,
    PRIMARY KEY (refund, line)
) {keyed};
CREATE INDEX refund_claims_sale ON refund_claims (sale);

-- Refunds of sales that no till has reported yet; the check is made when the sale comes.
CREATE TABLE refunds_waiting (
    store    {int} NOT NULL,
    terminal {int} NOT NULL,
    seq      {int} NOT NULL,
    sale     {uuid},
    receipt  {code},
    PRIMARY KEY (store, terminal, seq)
) {keyed};

-- Orders put aside, for the other tills of the store. taken_at: a till has taken it up; the contents are gone then.
CREATE TABLE held_orders (
    store    {int} NOT NULL,
    id       {code} NOT NULL,
    terminal {int} NOT NULL,
    label    TEXT NOT NULL,
    at       {int} NOT NULL,
    staff    {code} NOT NULL,
    currency {code} NOT NULL,
    total    {int} NOT NULL,
    lines    {int} NOT NULL,
    body     TEXT NOT NULL,
    taken_at {int},
    PRIMARY KEY (store, id)
) {keyed};

-- What tills reported of orders of customers, and what came of each. file: the order with its state and deposit.
CREATE TABLE customer_order_events (
    store    {int} NOT NULL,
    terminal {int} NOT NULL,
    seq      {int} NOT NULL,
    id       {uuid} NOT NULL,
    at       {int} NOT NULL,
    PRIMARY KEY (store, terminal, seq),
    FOREIGN KEY (store, terminal, seq) REFERENCES entries (store, terminal, seq)
) {keyed};
CREATE INDEX customer_order_events_id ON customer_order_events (id);

CREATE TABLE customer_orders (
    store         {int} NOT NULL,
    id            {uuid} NOT NULL,
    state         {code} NOT NULL,
    open          {int} NOT NULL CHECK (open IN (0, 1)),
    deposit       {int} NOT NULL,
    file          TEXT NOT NULL,
    at            {int} NOT NULL,
    claimed_by    {int},
    claimed_until {int},
    PRIMARY KEY (store, id)
) {keyed};
CREATE INDEX customer_orders_open ON customer_orders (open, store, at) WHERE open = 1;
