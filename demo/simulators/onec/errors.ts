// Owns the errors the simulated OData service can answer: their codes, usual HTTP statuses and texts (reference 7).
// Must not know: the format they are written in, nor where they come from.

/** Russian text and, where one was seen, the English one. */
export interface Text {
	ru: string;
	en: string;
}

/** An error of the service; `code` as in the reference's table. Thrown anywhere, written by the HTTP layer. */
export class OdataError extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		readonly text: Text,
	) {
		super(text.ru);
	}
}

const both = (text: string): Text => ({ ru: text, en: text });

/** A refusal by the configuration's own code (ПередЗаписью, ОбработкаПроведения): 500, code -1, its text as it is. */
export const refusal = (text: string): OdataError => new OdataError(500, '-1', both(text));

export const internal = (): OdataError =>
	refusal('Произошла внутренняя ошибка OData сервиса. Дополнительные сведения можно найти в технологическом журнале.');
export const brokenJson = (): OdataError => refusal('Непредвиденный символ при чтении JSON');
export const notComparable = (): OdataError => refusal('Нельзя сравнивать поля неограниченной длины и поля несовместимых типов.');
export const noMemory = (): OdataError => refusal('Недостаточно памяти для получения результата запроса к базе данных');
export const unknownOption = (name: string): OdataError =>
	new OdataError(400, '0', { ru: `The ${name} parameter is not supported`, en: `The ${name} parameter is not supported` });
export const unsupportedType = (what: string): OdataError => new OdataError(501, '0', both(`Не поддерживается: ${what}`));
export const badValue = (value: string, type: string): OdataError =>
	new OdataError(400, '1', both(`Не удалось разобрать строку '${value}' как значение типа ${type}!`));
export const badFormat = (): OdataError => new OdataError(400, '2', both('Неверный формат запроса'));
export const badRepresentation = (): OdataError => new OdataError(406, '3', both('Запрошенное представление данных не поддерживается'));
export const noMedia = (): OdataError => new OdataError(415, '3', both('Формат тела запроса не поддерживается'));
export const wrongValue = (name: string): OdataError => new OdataError(400, '4', both(`Неверное значение свойства ${name}`));
export const requiredValue = (name: string): OdataError => new OdataError(400, '5', both(`Не указано обязательное свойство ${name}`));
export const noSegment = (name: string): OdataError => new OdataError(400, '6', both(`Сегмент пути ${name} не найден!`));
export const noFunction = (): OdataError => new OdataError(400, '6', { ru: 'Метод не найден', en: 'Method not found' });
export const noKeyPart = (name: string): OdataError => new OdataError(400, '7', both(`Не указана часть ключа ${name}`));
export const noSet = (name: string): OdataError =>
	new OdataError(404, '8', { ru: `Сущность "${name}" не найдена`, en: `"${name}" entity is not found` });
export const noInstance = (): OdataError => new OdataError(404, '9', { ru: 'Экземпляр сущности не найден', en: 'Entity instance not found' });
export const noProperty = (name: string): OdataError => new OdataError(400, '10', both(`Свойство ${name} не найдено`));
export const noArgument = (name: string): OdataError => new OdataError(400, '12', both(`Параметр ${name} не найден`));
export const noRows = (): OdataError => new OdataError(400, '13', both('Строки табличной части нельзя создавать отдельно от объекта'));
export const badOption = (option: string): OdataError =>
	new OdataError(400, '14', { ru: `Ошибка при разборе опции запроса ${option}`, en: `Error parsing ${option} query option` });
export const keyTaken = (): OdataError => new OdataError(400, '15', both('Экземпляр сущности с таким ключом уже существует'));
export const recordTaken = (): OdataError => new OdataError(400, '15', both('Запись с такими ключевыми полями существует: запись с такими значениями уже существует'));
export const duplicateProperty = (name: string): OdataError => new OdataError(400, '18', both(`Свойство ${name} указано более одного раза`));
export const noLoadMode = (): OdataError => new OdataError(400, '17', both('Объект не поддерживает режим загрузки данных'));
export const wrongMethod = (): OdataError => new OdataError(405, '19', both('Метод HTTP не разрешен'));
export const noRights = (): OdataError => new OdataError(401, '20', { ru: 'Нарушение прав доступа', en: 'Access rights violation' });
export const notFilterable = (): OdataError => new OdataError(401, '20', both('Операция не разрешена в предложении "ГДЕ"'));
export const notImplemented = (what: string): OdataError => new OdataError(501, '21', both(`Не реализовано: ${what}`));
export const versionMoved = (): OdataError => new OdataError(412, '-1', both('Версия данных объекта не совпадает с указанной в заголовке If-Match'));
