// Owns which profiles are shipped: data, one JSON file each. Must not know what is in them.
import businessCentral from './profiles/business-central.json';
import erpnext from './profiles/erpnext.json';
import laudus from './profiles/laudus.json';
import netsuite from './profiles/netsuite.json';
import odataV4 from './profiles/odata-v4.json';
import salesap from './profiles/salesap.json';
import sapB1 from './profiles/sap-b1.json';
import sapS4 from './profiles/sap-s4.json';

/** By the name that credential and node choose them by. */
export const SHIPPED: Readonly<Record<string, unknown>> = {
	laudus,
	salesap,
	'business-central': businessCentral,
	'sap-b1': sapB1,
	'sap-s4': sapS4,
	netsuite,
	erpnext,
	'odata-v4': odataV4,
};
