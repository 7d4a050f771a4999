/** A small shop for tests and for looking at the screens without a terminal. */
import type { CategoryView, ProductView, StaffView } from '../lib/generated/api';

type Row = readonly [
  zh: string,
  en: string,
  cents: number,
  category: string,
  initials: string,
  unit?: ProductView['unit'],
];

const rows: readonly Row[] = [
  ['纯牛奶 1 升', 'Whole milk 1 l', 1290, 'drink', 'cnn'],
  ['农夫山泉饮用天然水 550 毫升', 'Spring water 550 ml', 200, 'drink', 'nfsq'],
  ['无糖乌龙茶', 'Oolong tea, no sugar', 550, 'drink', 'wtwlc'],
  ['冷萃咖啡', 'Cold brew coffee', 1580, 'drink', 'lckf'],
  ['鲜榨橙汁', 'Orange juice', 990, 'drink', 'xzcz'],
  ['全麦吐司', 'Wholemeal toast', 850, 'food', 'qmts'],
  ['葡式蛋挞', 'Egg tart', 600, 'food', 'psdt'],
  ['海苔饭团 金枪鱼', 'Rice ball with tuna', 780, 'food', 'htft'],
  ['红烧牛肉面', 'Beef noodles', 550, 'food', 'hsnrm'],
  ['手工曲奇饼干礼盒 480 克', 'Handmade butter cookies in a gift box 480 g', 6800, 'food', 'sgqq'],
  ['红富士苹果', 'Fuji apples', 1280, 'fresh', 'hfspg', 'kilogram'],
  ['香蕉', 'Bananas', 698, 'fresh', 'xj', 'kilogram'],
  ['西红柿', 'Tomatoes', 598, 'fresh', 'xhs', 'kilogram'],
  ['鸡蛋 10 枚', 'Ten eggs', 1380, 'fresh', 'jd'],
  ['抽纸 3 包', 'Tissues, 3 packs', 1590, 'home', 'cz'],
  ['洗洁精 柠檬 1 千克', 'Dish soap lemon 1 kg', 1250, 'home', 'xjj'],
  ['垃圾袋', 'Bin bags', 890, 'home', 'ljd'],
  ['五号电池 4 节', 'AA batteries, 4', 1990, 'home', 'dc'],
  ['薄荷牙膏', 'Mint toothpaste', 1490, 'care', 'bhyg'],
  ['护手霜', 'Hand cream', 2990, 'care', 'hss'],
  ['中性笔 黑', 'Gel pen, black', 250, 'paper', 'zxb'],
  ['笔记本 A5', 'Notebook A5', 1200, 'paper', 'bjb'],
];

const pictures = (
  'carton-milk bottle-water bottle-green-tea coffee-cup bottle-orange toast egg-tart rice-ball noodles-pack box-biscuit ' +
  'apple banana tomato eggs tissue detergent bin-bags battery toothpaste hand-wash pen notebook'
).split(' ');

export const categories: readonly CategoryView[] = (
  [
    ['drink', '饮料', 'Drinks'],
    ['food', '面包零食', 'Bakery and snacks'],
    ['fresh', '生鲜', 'Fresh'],
    ['home', '日用', 'Household'],
    ['care', '个人护理', 'Personal care'],
    ['paper', '文具', 'Stationery'],
  ] as const
).map(([code, zh, en]) => ({ code, name: { zh, en }, products: rows.filter((row) => row[3] === code).length }));

export function yuan(cents: number) {
  const amount = `${cents < 0 ? '-' : ''}${Math.floor(Math.abs(cents) / 100)}.${String(Math.abs(cents) % 100).padStart(2, '0')}`;
  return { amount, text: amount.startsWith('-') ? `-¥${amount.slice(1)}` : `¥${amount}` };
}

export interface Stocked {
  view: ProductView;
  cents: number;
  initials: string;
}

export const stock: readonly Stocked[] = rows.map(([zh, en, cents, category, initials, unit = 'piece'], at) => ({
  cents,
  initials,
  view: {
    id: `product-${at + 1}`,
    sku: `T${String(at + 1).padStart(3, '0')}`,
    barcode: `69012345${String(at + 1).padStart(5, '0')}`,
    name: { zh, en },
    category,
    price: yuan(cents),
    unit,
    picture: pictures[at] ?? '',
    on_hand: unit === 'piece' ? String(12 + at) : null,
    has_variants: false,
    minimum_age: null,
  },
}));

export const people: readonly (StaffView & { pin: string })[] = [
  { id: 'staff-1', name: { zh: '小林', en: 'Lin' }, role: 'cashier', pin: '1111' },
  { id: 'staff-2', name: { zh: '阿梅', en: 'Mei' }, role: 'supervisor', pin: '2222' },
  { id: 'staff-3', name: { zh: '陈经理', en: 'Chen' }, role: 'manager', pin: '9999' },
];
