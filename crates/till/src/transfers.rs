//! Goods on their way between stores. Sending works without the hub, once it has told which stores there are; what is on its way
//! here only the hub knows, so taking it in needs the hub.

use domain::stock::{ArrivedLine, SentLine, TransferReceived, TransferSent};
use domain::{AdjustmentId, Event, Name, Permission, ProductId, StockDelta, StoreId};
use sync::goods::{OpenTransfer, StoreName, Transfers, TransfersQuestion};

use crate::api::{
    AmountLine, NameView, Problem, ProblemCode, StockDocumentView, StoreView, TransferLineView, TransferView, TransfersView,
};
use crate::present;
use crate::sessions::Session;
use crate::stockroom::{counted, filled, moved_quantity, plain};
use crate::terminal::Terminal;

impl Terminal {
    /// What is on its way, and the stores.
    pub(crate) fn open_transfers(&self, session: &str) -> Result<TransfersView, Problem> {
        self.in_session(session, Permission::MoveStock, |session| {
            let told = self.ask_for_transfers(session)?;
            let open = told.open.iter().map(|open| self.transfer_view(open, &told.stores)).collect::<Result<_, Problem>>()?;
            Ok(TransfersView { open, stores: told.stores.iter().map(store_view).collect() })
        })
    }

    /// Sends goods to another store.
    pub(crate) fn send_transfer(
        &self,
        session: &str,
        to: &str,
        note: &str,
        lines: &[AmountLine],
    ) -> Result<StockDocumentView, Problem> {
        self.in_session(session, Permission::MoveStock, |session| {
            let told = self.ask_for_transfers(session)?;
            let unknown = || Problem::new(ProblemCode::NoSuchTransfer, format!("there is no other store '{to}'"));
            let store: StoreId = to.parse().map_err(|_| unknown())?;
            let store = told.stores.into_iter().find(|known| known.id == store).ok_or_else(unknown)?;
            let line = |line: &AmountLine| {
                let product = self.goods_to_move(&line.product)?;
                Ok(SentLine { product: product.id, sku: product.sku.clone(), quantity: moved_quantity(&line.amount, &product)? })
            };
            let lines = filled(lines)?.iter().map(line).collect::<Result<_, Problem>>()?;
            let sent = TransferSent { id: AdjustmentId::generate(), to: store.id, to_code: store.code, note: plain(note), lines };
            self.book(Event::TransferSent(sent), &session.staff.id)
        })
    }

    /// Takes a transfer in. Every line that was sent is answered for: what is not named is missing.
    pub(crate) fn receive_transfer(
        &self,
        session: &str,
        transfer: &str,
        note: &str,
        lines: &[AmountLine],
    ) -> Result<StockDocumentView, Problem> {
        self.in_session(session, Permission::MoveStock, |session| {
            let missing = || Problem::new(ProblemCode::NoSuchTransfer, "no such transfer is on its way to this store");
            let id: AdjustmentId = transfer.parse().map_err(|_| missing())?;
            let told = self.ask_for_transfers(session)?;
            let here = self.shop().id;
            let open = told.open.into_iter().find(|open| open.sent.id == id && open.sent.to == here).ok_or_else(missing)?;
            let mut arrived: Vec<ArrivedLine> = Vec::new();
            for line in &open.sent.lines {
                let known = arrived.iter_mut().find(|known| known.product == line.product);
                if let Some(known) = known {
                    known.sent = StockDelta::from_milli(known.sent.milli() + line.quantity.milli());
                    continue;
                }
                let (sent, nothing) = (StockDelta::from_milli(line.quantity.milli()), StockDelta::from_milli(0));
                arrived.push(ArrivedLine { product: line.product, sku: line.sku.clone(), sent, arrived: nothing });
            }
            for line in lines {
                let unknown = || Problem::new(ProblemCode::UnknownProduct, format!("there is no product '{}'", line.product));
                let id: ProductId = line.product.parse().map_err(|_| unknown())?;
                let Some(known) = arrived.iter_mut().find(|known| known.product == id) else {
                    let product = self.goods_to_move(&line.product)?;
                    let nothing = StockDelta::from_milli(0);
                    let amount = counted(&line.amount, &product)?;
                    arrived.push(ArrivedLine { product: product.id, sku: product.sku.clone(), sent: nothing, arrived: amount });
                    continue;
                };
                known.arrived = match self.store.product(id)? {
                    Some(product) => counted(&line.amount, &product)?,
                    // This store does not sell it: taken in as it was sent, whatever its unit.
                    None => line.amount.trim().parse().map_err(Problem::from)?,
                };
            }
            let OpenTransfer { from, .. } = open;
            let received = TransferReceived { id, from: from.id, from_code: from.code, note: plain(note), lines: arrived };
            self.book(Event::TransferReceived(received), &session.staff.id)
        })
    }

    fn ask_for_transfers(&self, session: &Session) -> Result<Transfers, Problem> {
        self.ask_hub("/v1/goods/transfers", &TransfersQuestion { staff: session.staff.id.clone() })
    }

    fn transfer_view(&self, open: &OpenTransfer, stores: &[StoreName]) -> Result<TransferView, Problem> {
        let shop = self.shop();
        let incoming = open.sent.to == shop.id;
        let unnamed = || StoreView {
            id: open.sent.to.to_string(),
            code: open.sent.to_code.to_string(),
            name: NameView::from(&Name::default()),
        };
        let store = if incoming {
            store_view(&open.from)
        } else {
            stores.iter().find(|store| store.id == open.sent.to).map_or_else(unnamed, store_view)
        };
        let line = |line: &SentLine| {
            let name = self.store.product(line.product)?.map(|product| product.name.clone()).unwrap_or_default();
            Ok(TransferLineView {
                product: line.product.to_string(),
                sku: line.sku.to_string(),
                name: NameView::from(&name),
                quantity: line.quantity.to_string(),
            })
        };
        Ok(TransferView {
            id: open.sent.id.to_string(),
            incoming,
            store,
            at: present::moment(open.sent_at, &shop),
            note: open.sent.note.clone(),
            lines: open.sent.lines.iter().map(line).collect::<Result<_, Problem>>()?,
        })
    }
}

fn store_view(store: &StoreName) -> StoreView {
    StoreView { id: store.id.to_string(), code: store.code.to_string(), name: NameView::from(&store.name) }
}
