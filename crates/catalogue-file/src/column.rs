//! The columns of a catalogue and the headings by which they are known.

/// A column of a catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    /// The shop's own code.
    Sku,
    /// The price of one unit.
    Price,
    /// The Chinese name.
    NameZh,
    /// The English name.
    NameEn,
    /// What a scanner may read, several with a space between.
    Barcodes,
    /// The code of its category.
    Category,
    /// The category's Chinese name.
    CategoryZh,
    /// The category's English name.
    CategoryEn,
    /// piece, kilogram, metre or litre.
    Unit,
    /// The code of its tax class.
    Tax,
    /// The name of its picture.
    Picture,
    /// yes or no.
    Active,
    /// Years that a customer must have reached.
    MinimumAge,
    /// More should be ordered at this much or less.
    ReorderAt,
    /// The code of the product that it is a variant of.
    VariantOf,
    /// What its variants are told apart by: `颜色|Colour; 尺码|Size`.
    Options,
    /// What it is in each of them: `红|red; M`.
    Values,
}

impl Column {
    /// All of them, in the order in which files are written.
    pub const ALL: [Self; 17] = [
        Self::Sku,
        Self::Barcodes,
        Self::NameZh,
        Self::NameEn,
        Self::Category,
        Self::CategoryZh,
        Self::CategoryEn,
        Self::Price,
        Self::Unit,
        Self::Tax,
        Self::Picture,
        Self::Active,
        Self::MinimumAge,
        Self::ReorderAt,
        Self::VariantOf,
        Self::Options,
        Self::Values,
    ];

    /// Its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sku => "sku",
            Self::Price => "price",
            Self::NameZh => "name_zh",
            Self::NameEn => "name_en",
            Self::Barcodes => "barcodes",
            Self::Category => "category",
            Self::CategoryZh => "category_zh",
            Self::CategoryEn => "category_en",
            Self::Unit => "unit",
            Self::Tax => "tax",
            Self::Picture => "picture",
            Self::Active => "active",
            Self::MinimumAge => "minimum_age",
            Self::ReorderAt => "reorder_at",
            Self::VariantOf => "variant_of",
            Self::Options => "options",
            Self::Values => "values",
        }
    }

    /// The column of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name() == name)
    }

    /// The column that a heading most likely means; none where it means none.
    pub fn guess(heading: &str) -> Option<Self> {
        // Spreadsheets begin a UTF-8 file with a byte order mark.
        let plain: String = heading
            .trim_start_matches('\u{feff}')
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-' | '(' | ')' | '（' | '）' | '.' | ':' | '：' | '*'))
            .flat_map(char::to_lowercase)
            .collect();
        let known = Self::ALL.into_iter().find(|column| column.name().replace('_', "") == plain);
        known.or_else(|| Self::ALL.into_iter().find(|column| column.other_names().contains(&plain.as_str())))
    }

    /// Other headings, in lower case without spaces.
    const fn other_names(self) -> &'static [&'static str] {
        match self {
            Self::Sku => &[
                "编码",
                "商品编码",
                "货号",
                "商品货号",
                "商品编号",
                "编号",
                "code",
                "itemcode",
                "productcode",
                "itemno",
                "article",
            ],
            Self::Price => {
                &["价格", "售价", "单价", "零售价", "销售价", "售价元", "unitprice", "retailprice", "sellingprice", "saleprice"]
            }
            Self::NameZh => &["名称", "品名", "商品名称", "商品名", "中文名", "中文名称", "chinesename"],
            Self::NameEn => &["英文名", "英文名称", "name", "productname", "title", "description", "englishname", "itemname"],
            Self::Barcodes => &["条码", "条形码", "商品条码", "国际条码", "barcode", "ean", "ean13", "gtin", "upc"],
            Self::Category => &["分类", "类别", "品类", "商品分类", "分类编码", "categorycode", "department", "group"],
            Self::CategoryZh => &["分类名称", "类别名称"],
            Self::CategoryEn => &["分类英文名", "categoryname"],
            Self::Unit => &["单位", "计量单位", "销售单位", "uom", "unitofmeasure"],
            Self::Tax => &["税率", "税类", "税码", "税种", "taxclass", "taxcode", "vat"],
            Self::Picture => &["图片", "image", "photo"],
            Self::Active => &["在售", "状态", "启用", "上架", "enabled", "status"],
            Self::MinimumAge => &["最低年龄", "年龄限制", "age", "agelimit"],
            Self::ReorderAt => &["补货点", "最低库存", "库存下限", "安全库存", "reorderpoint", "reorderlevel", "minstock"],
            Self::VariantOf => &["主商品", "父商品", "款号", "parent", "parentsku"],
            Self::Options => &["规格", "规格项", "optionnames"],
            Self::Values => &["规格值", "optionvalues"],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_in_both_languages_are_guessed_however_they_are_written() {
        for (heading, column) in [
            ("\u{feff}SKU", Column::Sku),
            (" 商品编码 ", Column::Sku),
            ("Unit Price", Column::Price),
            ("售价(元)", Column::Price),
            ("商品名称", Column::NameZh),
            ("Product name", Column::NameEn),
            ("EAN-13", Column::Barcodes),
            ("计量单位", Column::Unit),
            ("reorder point", Column::ReorderAt),
        ] {
            assert_eq!(Column::guess(heading), Some(column), "{heading}");
        }
        assert_eq!(Column::guess("颜色"), None);
        for column in Column::ALL {
            assert_eq!((Column::guess(column.name()), Column::named(column.name())), (Some(column), Some(column)));
        }
    }

    #[test]
    fn no_heading_means_two_columns() {
        let mut seen = std::collections::HashMap::new();
        for column in Column::ALL {
            for name in column.other_names() {
                assert_eq!(seen.insert(*name, column), None, "{name}");
            }
        }
    }
}
