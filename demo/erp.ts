// Owns what the demo and the flow tests know of an ERP, whichever it is. Must not know any ERP by name.
import type { Call, SimulatorServer } from './simulators/server';

/** An order of the ERP as the walk looks at it. */
export interface ErpOrder {
	/** The ERP's own id of the record. */
	id: string;
	number: string;
	/** Its id of the customer. */
	customer: string;
	confirmed: boolean;
	/** With tax, as decimal text. */
	total: string;
}

/** A posted invoice, or what stands for one: a shipment in 1C. */
export interface ErpBill {
	id: string;
	number: string;
	order: ErpOrder;
}

/** What a call to the ERP was for: one quote, a process's first look round, or another workflow's poll. */
export type CallNature = 'work' | 'setup' | 'poll';

/** A simulated ERP that stands ready for the pack: its credential, its demo catalogue, and an accountant's hands. */
export interface DemoErp {
	/** As people call it: `Odoo`. */
	readonly title: string;
	/** How the report's `calls` name it. */
	readonly system: string;
	/** Ending of the names of its templates. */
	readonly suffix: string;
	readonly server: SimulatorServer;
	/** As n8n keeps it: the credential's type in the pack and the fields of its form. */
	readonly credential: { type: string; data: Record<string, unknown> };
	/** Puts the demo's catalogue in, as an administrator would. Running it again adds nothing. */
	seed(): void;
	nature(call: Call): CallNature;
	/** Orders that have this number or belong to this quote of the CRM; all when nothing is given. */
	orders(of?: { number: string; quote: string }): ErpOrder[];
	/** Ids of the customers of that name. */
	customers(name: string): string[];
	/** Bills all that is open of an order, as an accountant does, and posts it. */
	bill(order: ErpOrder): ErpBill;
	/** Registers a payment of a bill. */
	pay(bill: ErpBill, amount: number): void;
	/** Records that a doubled effect could add to. */
	count(): number;
	/** A name for the records as they are now. */
	snapshot(): string;
	restore(snapshot: string): void;
	stop(): Promise<void>;
}
