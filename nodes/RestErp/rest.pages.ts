// Owns reading a list whole, by the style of paging that the profile names: nothing lost, nothing twice.
// Must not know what the rows mean.
import { readByKey } from './rest.pages.key';
import { readByCursor, readByLink } from './rest.pages.links';
import { readByNumber } from './rest.pages.numbered';
import { readByOffset } from './rest.pages.offset';
import { PageReading, type PageParts, type PageQuery } from './rest.pages.reading';
import type { Row } from './rest.services';

/**
 * All pages of a list; see `Requests.pages`. A style ends where the server says that there is no more; page, offset
 * and key end at an empty page, or by `total` without asking for it: a page that is merely short may be a server's
 * own, smaller limit.
 */
export async function* readPages(parts: PageParts, query: PageQuery): AsyncGenerator<Row[]> {
	for await (const rows of styled(new PageReading(parts, query))) if (rows.length > 0) yield rows;
}

function styled(reading: PageReading): AsyncGenerator<Row[]> {
	const { paging } = reading;
	switch (paging.style) {
		case 'none':
			return readOnce(reading);
		case 'page':
			return readByNumber(reading, paging);
		case 'offset':
			return readByOffset(reading, paging);
		case 'key':
			return readByKey(reading, paging);
		case 'cursor':
			return readByCursor(reading, paging);
		default:
			return readByLink(reading, paging);
	}
}

async function* readOnce(reading: PageReading): AsyncGenerator<Row[]> {
	const call = await reading.prepare();
	if (call) yield reading.take(await reading.send(call));
}
