// Owns documents with a file: keeping the upload, giving it back.
// Must not know: HTTP beyond the decoded form fields.
import { type Json, Refusal } from './failure';
import type { Installation } from './installation';
import type { Stored } from './store';

/** Keeps an uploaded file with its document; the attachment takes a number of its own. */
export function attach(crm: Installation, document: Stored, name: string, type: string, contents: string): void {
	const number = crm.store.nextNumber();
	document.file = { number, name, type, base64: Buffer.from(contents, 'utf8').toString('base64') };
	const bytes = Buffer.byteLength(contents);
	Object.assign(document.fields, { filename: name, filetype: type, filesize: String(bytes), filestatus: '1', imageattachmentids: `15x${number}` });
}

/** `files_retrieve` takes the attachment's id, not the document's. */
export function retrieveFile(crm: Installation, id: string): Json {
	const file = crm.store
		.list('Documents')
		.map((d) => d.file)
		.find((f) => f && `15x${f.number}` === id);
	if (!file) throw new Refusal('RECORD_NOT_FOUND', 'Record you are trying to access is not found');
	return [
		{
			fileid: String(file.number),
			filename: file.name,
			filetype: file.type,
			filesize: Buffer.from(file.base64, 'base64').length,
			filecontents: file.base64,
		},
	];
}
