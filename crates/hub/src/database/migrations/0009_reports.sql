-- What reports add up, kept with the entries they come from; one row a terminal, so that terminals do not wait for one another.
-- The dimension stands before the day: a report of many days reads none of the others. currency is empty for what is only
-- counted.
CREATE TABLE report_sums (
    store         {int} NOT NULL,
    dimension     {code} NOT NULL,
    business_date {code} NOT NULL,
    currency      {code} NOT NULL,
    key           {code} NOT NULL,
    terminal      {int} NOT NULL,
    counted       {int} NOT NULL,
    quantity      {int} NOT NULL,
    amount        {int} NOT NULL,
    PRIMARY KEY (store, dimension, business_date, currency, key, terminal)
) {keyed};

-- complete = 0: there are entries from before these sums, which are folded once, when a hub is opened.
CREATE TABLE report_sums_state (
    one      {int} PRIMARY KEY CHECK (one = 1),
    complete {int} NOT NULL
) {rows};
-- The orders of a day, for whoever looks behind a figure of it.
CREATE INDEX orders_by_day ON orders (business_date, store);

INSERT INTO report_sums_state (one, complete) SELECT 1, CASE WHEN EXISTS (SELECT 1 FROM entries) THEN 0 ELSE 1 END;
