// Owns what the small ERP does by itself: numbers, totals, states, invoices. Knows nothing of who calls it.
const cds = require('@sap/cds');

const ITEM_FIELDS = ['position', 'product_ID', 'name', 'description', 'quantity', 'price', 'discountPercent', 'taxCode_code', 'net', 'tax'];

/** To cents, half up, by the decimals that a number shows and not by its binary fraction: 9.995 is 10.00. */
const rounded = (value) => (Math.sign(value) * Math.round(Number(`${Math.abs(value).toFixed(8)}e2`))) / 100;

module.exports = class ErpService extends cds.ApplicationService {
	async init() {
		const { Customers, Products, Quotes, Orders, Invoices, Taxes } = this.entities;

		const next = async (entity, prefix) => {
			const { last } = await SELECT.one.from(entity).columns('max(number) as last');
			return `${prefix}-${String(Number((last ?? `${prefix}-0`).slice(prefix.length + 1)) + 1).padStart(5, '0')}`;
		};

		/** An item's amounts, as far as the payload and what is stored tell. */
		const priced = async (item, stored = {}) => {
			const all = { discountPercent: 0, ...stored, ...item };
			const tax = all.taxCode_code ? await SELECT.one.from(Taxes, all.taxCode_code) : undefined;
			if (all.taxCode_code && !tax) throw cds.error({ status: 400, code: 'NO_SUCH_TAX', message: `There is no tax ${all.taxCode_code}` });
			if (!(Number(all.quantity) > 0)) throw cds.error({ status: 400, code: 'NO_QUANTITY', message: `Position ${all.position ?? '?'} needs a quantity above 0` });
			const net = rounded(Number(all.quantity) * Number(all.price) * (1 - Number(all.discountPercent) / 100));
			return { ...item, net, tax: rounded((net * Number(tax?.rate ?? 0)) / 100) };
		};

		const summed = (items) => {
			const [net, tax] = ['net', 'tax'].map((name) => rounded(items.reduce((sum, item) => sum + item[name], 0)));
			return { net, tax, total: rounded(net + tax) };
		};

		this.before('CREATE', Customers, async ({ data }) => {
			data.number = await next(Customers, 'C');
		});

		this.before('CREATE', Orders, async ({ data }) => {
			data.number = await next(Orders, 'ORD');
			data.status = 'draft';
			data.items = await Promise.all((data.items ?? []).map((item) => priced(item)));
			Object.assign(data, summed(data.items));
		});

		this.before('CREATE', Quotes, async ({ data }) => {
			data.number = await next(Quotes, 'QUO');
			data.items = await Promise.all((data.items ?? []).map((item) => priced(item)));
			Object.assign(data, summed(data.items));
		});

		this.before('UPDATE', Orders, async (req) => {
			const { ID } = req.params.at(-1);
			const order = await SELECT.one.from(Orders, ID).columns((o) => (o.status, o.items((i) => i`.*`)));
			if (!order) return;
			if (order.status !== 'draft') req.reject({ status: 409, code: 'ORDER_NOT_DRAFT', message: `Order ${ID} is ${order.status} and cannot be changed` });
			if (!req.data.items) return;
			req.data.items = await Promise.all(req.data.items.map((item) => priced(item, order.items.find((one) => one.ID === item.ID))));
			Object.assign(req.data, summed(req.data.items));
		});

		this.before('DELETE', Orders, async (req) => {
			if (await SELECT.one.from(Invoices).where({ order_ID: req.params.at(-1).ID })) req.reject({ status: 409, code: 'ORDER_BILLED', message: 'An order with an invoice cannot be removed' });
		});

		this.before(['CREATE', 'UPDATE'], [Customers, Products], (req) => {
			if (req.data.name !== undefined && !String(req.data.name ?? '').trim()) req.reject({ status: 400, code: 'NAME_MISSING', message: 'A name is needed', target: 'name' });
		});

		const move = (from, to) => async (req) => {
			const { ID } = req.params.at(-1);
			const order = await SELECT.one.from(Orders, ID);
			if (!order) return req.reject(404);
			if (!from.includes(order.status)) return req.reject({ status: 409, code: 'WRONG_STATE', message: `Order ${order.number} is ${order.status}, not ${from.join(' or ')}` });
			await UPDATE(Orders, ID).with({ status: to });
			return await SELECT.one.from(Orders, ID);
		};
		this.on('confirm', Orders, move(['draft'], 'confirmed'));
		this.on('cancel', Orders, move(['draft', 'confirmed'], 'cancelled'));

		this.on('invoice', Orders, async (req) => {
			const { ID } = req.params.at(-1);
			const order = await SELECT.one.from(Orders, ID).columns((o) => (o`.*`, o.items((i) => i`.*`)));
			if (order?.status !== 'confirmed') return req.reject({ status: 409, code: 'WRONG_STATE', message: 'Only a confirmed order can be billed' });
			const { customer_ID, currency, reference, net, tax, total } = order;
			const date = new Date().toISOString().slice(0, 10);
			const items = order.items.map((item) => Object.fromEntries(ITEM_FIELDS.map((name) => [name, item[name]])));
			const invoice = { ID: cds.utils.uuid(), number: await next(Invoices, 'INV'), order_ID: ID, customer_ID, currency, reference, net, tax, total, date, dueDate: date, items };
			await INSERT.into(Invoices).entries(invoice);
			return await SELECT.one.from(Invoices, invoice.ID);
		});

		this.on('pay', Invoices, async (req) => {
			const { ID } = req.params.at(-1);
			const { paid, total } = await SELECT.one.from(Invoices, ID);
			const sum = rounded(Number(paid ?? 0) + Number(req.data.amount));
			if (sum > Number(total)) return req.reject({ status: 409, code: 'TOO_MUCH', message: `Only ${rounded(total - paid)} is open` });
			await UPDATE(Invoices, ID).with({ paid: sum });
			return await SELECT.one.from(Invoices, ID);
		});

		this.on('whoAmI', (req) => ({ user: req.user.id, version: `CAP ${cds.version}` }));

		// CAP's SQLite says so with 500 and SQLite's own words; its other databases, and other servers, with a conflict.
		this.on('error', (error) => {
			if (!/UNIQUE constraint failed/.test(error.message)) return;
			Object.assign(error, { status: 409, code: 'UNIQUE_CONSTRAINT_VIOLATION', message: 'A record with this key exists already' });
		});

		await super.init();
		await INSERT.into(Taxes).entries([{ code: 'A10', name: 'Reduced', rate: 10 }, { code: 'A20', name: 'Standard', rate: 20 }, { code: 'A0', name: 'Free', rate: 0 }]);
		await INSERT.into(Products).entries([{ code: 'W-1', name: 'Widget', price: 70, currency: 'EUR' }, { code: 'W-2', name: 'Gadget', price: 19.99, currency: 'EUR' }]);
	}
};
