// Owns what a configuration (УТ, БП) brings along: metadata, handlers of its objects, virtual tables, exchange plans.
// Must not know: requests and formats; which configurations there are.
import type { Facet } from './edmx.model';
import type { Row, Store } from './store';

/** One write of one object on its way. */
export interface Writing {
	store: Store;
	set: string;
	/** What will be written; a handler may change it. */
	row: Row;
	/** What stood there; nothing for a new object. */
	before: Row | undefined;
	/** The base's clock, `YYYY-MM-DDThh:mm:ss`. */
	now: string;
}

/** The code of one object. Throws `refusal(text)` from errors.ts to refuse; the whole write is then undone. */
export interface Handlers {
	/** Defaults of a new object, before what was sent is laid over them. */
	defaults?: (store: Store, sent: Row) => Row;
	/** ПередЗаписью: not run in data-load mode. */
	beforeWrite?: (writing: Writing) => void;
	/** ПриЗаписи: the row is stored by now; not run in data-load mode. */
	afterWrite?: (writing: Writing) => void;
	/** ОбработкаПроверкиЗаполнения: texts of what is missing; run at posting only. Refused with "Не удалось провести ...", these texts after it. */
	checkFilling?: (writing: Writing) => string[];
	/** ОбработкаПроведения: makes the records with `store.setRecords`; the old ones are gone by then. */
	posting?: (writing: Writing) => void;
	/** ОбработкаУдаленияПроведения: before the records are taken away. */
	unposting?: (writing: Writing) => void;
	/** The text of a new `Number` or `Code`; without it: the next number, 9 digits. Called when none was sent. */
	number?: (store: Store, row: Row) => string;
	/** The object refuses `1C_OData-DataLoadMode` (code 17). */
	noLoadMode?: boolean;
}

/** A call of a virtual table (SliceLast, Balance, Turnovers, ...), its arguments parsed. */
export interface VirtualCall {
	/** The set it was called on, as in the URL (`..._RecordType` for slices of recorder registers). */
	set: string;
	name: string;
	/** Whether a record (its dimensions) passes `Condition`; always true without one. */
	condition: (record: Row) => boolean;
	/** Names as given, without `_Key`; undefined: all. */
	dimensions: string[] | undefined;
	period: string | undefined;
	startPeriod: string | undefined;
	endPeriod: string | undefined;
	/** All arguments as text, by name. */
	arguments: Readonly<Record<string, string>>;
}

/** An object in a change packet. The state is read from the store when the packet is made. */
export interface Registered {
	set: string;
	/** `Store.keyOf` */
	key: string;
	/** Physically deleted at this moment of the base's clock. */
	deleted?: string;
}

export interface ExchangePlans {
	/** Objects for message `messageNo` of a node, marked as sent with it. Throws `refusal` for a wrong number. */
	select: (store: Store, plan: string, node: string, messageNo: number) => Registered[];
	/** Drops the registrations of messages up to and including `messageNo`. */
	acknowledge: (store: Store, plan: string, node: string, messageNo: number) => void;
}

export interface Configuration {
	/** Last part of the infobase's URL, e.g. `ut11`. */
	path: string;
	/** The whole EDMX text of `$metadata`. */
	metadata: string;
	/** What metadata does not say, by `Set.Property` (rows: `Set_Part.Property`) or `*.Property` for every set. */
	facets: Readonly<Record<string, Facet>>;
	handlers: Readonly<Record<string, Handlers>>;
	/** Synonym of a set for presentations: `Заказ клиента`. */
	synonyms: Readonly<Record<string, string>>;
	virtual: (store: Store, call: VirtualCall) => Row[];
	/** Functions with effect besides Post and Unpost (`Start`, `ExecuteTask`), by `Set/Name`. */
	actions?: Readonly<Record<string, (store: Store, row: Row) => void>>;
	plans: ExchangePlans;
	/** Hooks itself to the store (`onWrite`) and puts the initial records in. */
	install: (store: Store) => void;
}
