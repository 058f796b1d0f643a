// Proves the choice of a configuration profile: told from what is published, corrected field by field, and every wrong
// correction told by its path with the name that was probably meant.
import { chooseProfile, type ProfileData, profileSchema } from '../../../nodes/OneC/onec.profile';
import { PROFILES } from '../../../nodes/OneC/onec.profiles';
import type { Failure } from '../../../nodes/core/failure';

const choose = (published: string[], overrides?: unknown, chosen: 'auto' | 'ut' | 'bp' | 'unf' = 'auto') => chooseProfile(PROFILES, chosen, new Set(published), overrides);

function refusal(act: () => unknown): Failure {
	try {
		act();
	} catch (error) {
		return error as Failure;
	}
	throw new Error('it was expected to fail');
}

it.each(PROFILES.map((data) => [data.name, data] as [string, ProfileData]))('%s is a whole profile', (name) => {
	expect(profileSchema.safeParse(choose([], {}, name as 'ut')).success).toBe(true);
});

it.each([
	['ut', ['Document_ЗаказКлиента', 'Document_РеализацияТоваровУслуг']],
	['bp', ['Document_СчетНаОплатуПокупателю', 'Document_РеализацияТоваровУслуг']],
	['unf', ['Document_ЗаказПокупателя', 'Document_РасходнаяНакладная']],
])('tells %s from what is published', (name, published) => {
	expect(choose(published).name).toBe(name);
});

it('takes the name that the release publishes, else the newest', () => {
	expect(choose(['Document_ЗаказКлиента', 'InformationRegister_ЦеныНоменклатуры']).price?.set).toBe('InformationRegister_ЦеныНоменклатуры');
	expect(choose(['Document_ЗаказКлиента']).price?.set).toBe('InformationRegister_ЦеныНоменклатуры25_RecordType');
});

it('says what to publish when nothing tells the configuration', () => {
	expect(refusal(() => choose(['Catalog_Валюты'])).message).toMatch(/none of Document_ЗаказКлиента, Document_ЗаказПокупателя, Document_СчетНаОплатуПокупателю/);
	expect(refusal(() => choose([])).message).toMatch(/publishes nothing over OData/);
	expect(refusal(() => choose([])).advice).toMatch(/REST-сервиса/);
});

it('corrects single fields and leaves the rest', () => {
	const plain = choose(['Document_ЗаказКлиента']);
	const corrected = choose(['Document_ЗаказКлиента'], { product: { code: 'Code' }, agreement: null, order: { set: 'Document_ЗаказКлиента_Свой', whenNew: { Приоритет_Key: 'x', СкидкиРассчитаны: null } } });
	expect(corrected.product).toEqual({ ...plain.product, code: 'Code' });
	expect(corrected.agreement).toBeUndefined();
	expect(corrected.order.set).toBe('Document_ЗаказКлиента_Свой');
	expect(corrected.order.whenNew).toMatchObject({ Приоритет_Key: 'x', ПорядокРасчетов: 'ПоЗаказам' });
	expect(corrected.order.whenNew).not.toHaveProperty('СкидкиРассчитаны');
	expect(corrected.customer).toEqual(plain.customer);
});

it.each([
	[{ produkt: { code: 'Code' } }, /"produkt" is not known.*Did you mean "product"\?/],
	[{ orderRows: { prise: 'Цена' } }, /"orderRows\.prise" is not known.*Did you mean "orderRows\.price"\?/],
	[{ orderRows: { qwertyuiop: 'x' } }, /"orderRows\.qwertyuiop" is not known.*Known there: part, item/],
	[{ precision: { price: 'two' } }, /precision\.price expected number/],
	[{ order: { total: null } }, /order\.total required/],
	[{ order: 'Document_X' }, /order expected object/],
	[[], /a JSON object is expected/],
	[{ order: { constructor: 'x' } }, /"order\.constructor" is not known/],
])('tells what is wrong with %j', (overrides, says) => {
	expect(refusal(() => choose(['Document_ЗаказКлиента'], overrides)).message).toMatch(says);
});
