-- Promotions in every state of their life; `series` is what the codes of their coupons begin with.
CREATE TABLE promotions (
    id         {uuid} PRIMARY KEY,
    state      {code} NOT NULL CHECK (state IN ('draft', 'live', 'ended', 'removed')),
    series     {code} UNIQUE,
    body       TEXT NOT NULL,
    changed_at {int} NOT NULL
) {keyed};

CREATE TABLE price_lists (
    code       {code} PRIMARY KEY,
    body       TEXT NOT NULL,
    changed_at {int} NOT NULL
) {keyed};

-- A coupon is free, held for an order for some minutes, or spent on one. Whoever changes a row does so by a condition on what
-- it held before.
CREATE TABLE coupons (
    code       {code} PRIMARY KEY,
    promotion  {uuid} NOT NULL REFERENCES promotions (id),
    made_at    {int} NOT NULL,
    held_for   {uuid},
    held_by    {uuid},
    held_until {int},
    spent_on   {uuid},
    spent_by   {uuid},
    spent_at   {int},
    receipt    {code}
) {keyed};
CREATE INDEX coupons_held ON coupons (held_for) WHERE held_for IS NOT NULL;
CREATE INDEX coupons_promotion ON coupons (promotion);
