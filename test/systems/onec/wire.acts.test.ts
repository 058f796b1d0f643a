// Proves that no way to write an address makes a GET act in 1C, and that a key holds nothing but a key.
import { parseKey } from '../../../nodes/OneC/onec.records.keys';
import { httpRequest } from '../../../nodes/OneC/onec.wire';

const DOCUMENT = "Document_X(guid'8f6a2d0e-3c1b-4e7a-9d55-0a1b2c3d4e5f')";

it.each(['Post', 'post()', 'Post ()', 'Post( PostingModeOperational=false )', 'StandardODATA.Post', 'EnterpriseV8.Unpost()', 'Post/', 'Start', 'ExecuteTask', '/Post'])('GET of "%s" is not sent', (fn) => {
	expect(() => httpRequest({ method: 'GET', path: `${DOCUMENT}/${fn}` }, '', {}, undefined)).toThrow(/would act in 1C/);
});

it.each(['Post', 'Контрагент', 'PostedItems', 'Товары'])('a set or property called "%s" in front of a key is told from the function', (name) => {
	const send = () => httpRequest({ method: 'GET', path: name === 'Post' ? 'Document_Post' : `${DOCUMENT}/${name}` }, '', {}, undefined);
	expect(send).not.toThrow();
});

it.each(["Ref_Key)/Post(x=1", "a')/../Catalog_Y(b=1", 'a#b=1', 'a?b=1', 'a%2Fb=1', '1=1'])('"%s" is no key', (written) => {
	expect(parseKey(written)).toBeUndefined();
});

it('a composite key with Cyrillic names is one', () => {
	expect(parseKey("Period=datetime'2026-10-01T00:00:00', Валюта_Key=guid'8f6a2d0e-3c1b-4e7a-9d55-0a1b2c3d4e5f'")).toEqual({ Period: "datetime'2026-10-01T00:00:00'", Валюта_Key: "guid'8f6a2d0e-3c1b-4e7a-9d55-0a1b2c3d4e5f'" });
});
