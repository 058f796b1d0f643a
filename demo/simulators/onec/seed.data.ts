// Owns the demo's goods and counterparties, whichever configuration they are put into. Companies only, all made up.
// Must not know: configurations, the store.

export interface Product {
	code: string;
	name: string;
	/** Net, in EUR. */
	price: number;
	service?: boolean;
}

/** The CRM's items under the CRM's codes. */
export const PRODUCTS: readonly Product[] = [
	{ code: 'W-1', name: 'Widget', price: 100 },
	{ code: 'W-2', name: 'Gadget', price: 19.99 },
	{ code: 'W-3', name: 'Cable 3m', price: 4.5 },
	{ code: 'W-4', name: 'Server', price: 2500 },
	{ code: 'SER1', name: 'Install', price: 50, service: true },
	{ code: 'SER2', name: 'Support', price: 120, service: true },
];

export interface Company {
	name: string;
	full: string;
	inn: string;
	kpp: string;
	/** Commercial client it belongs to; default: one of its own name. */
	partner?: string;
	deleted?: boolean;
}

export const COUNTERPARTIES: readonly Company[] = [
	{ name: 'Альфа-Строй ООО', full: 'ООО "Альфа-Строй"', inn: '7701000017', kpp: '770101001' },
	// A twin that somebody marked for deletion: same ИНН, still found by a careless search.
	{ name: 'Альфа-Строй ООО', full: 'ООО "Альфа-Строй" (дубль)', inn: '7701000017', kpp: '770101001', partner: 'Альфа-Строй ООО', deleted: true },
	// One commercial client with two legal entities.
	{ name: 'Берёзка Торг ООО', full: 'ООО "Берёзка Торг"', inn: '7802000024', kpp: '780201001', partner: 'Берёзка, сеть магазинов' },
	{ name: 'Берёзка Юг ООО', full: 'ООО "Берёзка Юг"', inn: '2301000031', kpp: '230101001', partner: 'Берёзка, сеть магазинов' },
	{ name: 'Вектор АО', full: 'АО "Вектор"', inn: '5403000049', kpp: '540301001' },
	{ name: 'Гранит ООО', full: 'ООО "Гранит"', inn: '6604000056', kpp: '660401001' },
];

export const STOCK = 500;

/** How a configuration's people enter these. */
export interface SeedBook {
	/** Gives the item's `Ref_Key`. */
	product: (product: Product) => string;
	pricesAndStock: (products: readonly Product[], refs: Readonly<Record<string, string>>) => void;
	counterparty: (company: Company) => void;
}
