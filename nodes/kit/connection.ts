// Owns the credential fields that every system has: certificates, patience, pace.
import type { INodeProperties } from 'n8n-workflow';

/** @param name how these credentials call the server, e.g. `vtiger` */
export function connectionProperties(name: string): INodeProperties[] {
	return [
		{ displayName: 'Requests per Minute', name: 'requestsPerMinute', type: 'number', typeOptions: { minValue: 0 }, default: 0, description: `At most so many calls a minute to ${name}; 0 for no limit. Hosted editions have limits, e.g. 60.` },
		{ displayName: 'Timeout (Seconds)', name: 'timeout', type: 'number', typeOptions: { minValue: 1 }, default: 60, description: 'How long to wait for one answer' },
		{ displayName: 'Allow Self-Signed Certificate', name: 'allowSelfSigned', type: 'boolean', default: false, description: 'Whether to accept a certificate that no authority has signed. Prefer giving the certificate below.' },
		{ displayName: 'CA Certificate', name: 'ca', type: 'string', typeOptions: { rows: 4 }, default: '', placeholder: '-----BEGIN CERTIFICATE-----', description: 'The certificate (PEM) of a private authority that signed the server\'s certificate' },
	];
}
