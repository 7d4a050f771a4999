-- The Z's of the terminals. opened = 0: the float was not counted. differences: what counts at hand-overs were over, together.
CREATE TABLE shifts (
    store         {int} NOT NULL,
    terminal      {int} NOT NULL,
    seq           {int} NOT NULL,
    number        {int} NOT NULL,
    business_date {code} NOT NULL,
    at            {int} NOT NULL,
    staff         {code},
    currency      {code} NOT NULL,
    first         {int} NOT NULL,
    last          {int} NOT NULL,
    opened        {int} NOT NULL,
    expected      {int} NOT NULL,
    counted       {int} NOT NULL,
    over_short    {int} NOT NULL,
    differences   {int} NOT NULL,
    taken_out     {int} NOT NULL,
    grand_sales   {int} NOT NULL,
    grand_refunds {int} NOT NULL,
    clock_back    {int} NOT NULL,
    reason        TEXT NOT NULL,
    approved_by   {code},
    PRIMARY KEY (store, terminal, seq),
    FOREIGN KEY (store, terminal, seq) REFERENCES entries (store, terminal, seq)
) {keyed};
CREATE INDEX shifts_of_a_day ON shifts (business_date, store);
