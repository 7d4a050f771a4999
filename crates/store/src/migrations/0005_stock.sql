-- What only some products have, as JSON; empty for most. `parent`: the product it is a variant of. `reorder`: thousandths at or
-- below which more should be ordered.
ALTER TABLE products ADD COLUMN details TEXT NOT NULL DEFAULT '';
ALTER TABLE products ADD COLUMN parent BLOB;
ALTER TABLE products ADD COLUMN reorder INTEGER;
CREATE INDEX products_parent ON products (parent) WHERE parent IS NOT NULL;
CREATE INDEX products_reorder ON products (reorder) WHERE reorder IS NOT NULL;

-- Adjustments are one kind of stock document; the others are kept with them.
ALTER TABLE adjustments ADD COLUMN kind TEXT NOT NULL DEFAULT 'adjusted';
ALTER TABLE adjustments ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE adjustments ADD COLUMN staff TEXT;
ALTER TABLE adjustments ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE adjustment_lines ADD COLUMN note TEXT NOT NULL DEFAULT '';
