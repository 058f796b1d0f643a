// Owns which lists of an infobase the 1C nodes let people choose from: method name -> list, and what the list belongs to.
// The lists themselves are in `onec.choices.ts`. Data only.

export const lists = {
	getAgreements: { list: 'agreements' },
	getOrganizations: { list: 'organizations' },
	getPriceKinds: { list: 'priceKinds' },
	getWarehouses: { list: 'warehouses' },

	searchCatalogs: { list: 'catalogs' },
	searchDocumentSets: { list: 'documents' },
	searchOtherSets: { list: 'otherSets' },
	searchInformationRegisters: { list: 'informationRegisters' },
	searchAccumulationRegisters: { list: 'accumulationRegisters' },
	searchAccountingRegisters: { list: 'accountingRegisters' },
	searchConstants: { list: 'constants' },
	searchExchangePlans: { list: 'exchangePlans' },
	getRegisters: { list: 'registers' },
	getExchangePlans: { list: 'exchangePlans' },
	getPlanNodes: { list: 'planNodes', of: 'plan' },
	getObjectFields: { list: 'fields', of: 'module' },
	getTableParts: { list: 'tableParts', of: 'module' },
	getFileFields: { list: 'fileFields', of: 'module' },
} as const;
