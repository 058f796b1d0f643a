// Owns what people do at the 1C desktop after an order came: ship, take money, cancel. (First version: not yet.)
// Must not know: the OData interface.
import type { OnecSimulator } from '.';

export function ship(_simulator: OnecSimulator, _orderRef: string, _quantities?: Record<string, string>): string {
	throw new Error('not yet');
}

export function pay(_simulator: OnecSimulator, _orderRef: string, _amount: number | string): string {
	throw new Error('not yet');
}

export function cancelShipment(_simulator: OnecSimulator, _ref: string): void {
	throw new Error('not yet');
}
