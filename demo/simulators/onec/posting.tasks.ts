// Owns business processes and their tasks: starting one makes its task, executing the task completes it.
// Must not know: requests, any configuration.
import { refusal } from './errors';
import type { Store } from './store';
import { type Row, stamp, text } from './values';

const PROCESS = 'BusinessProcess_Задание';
const TASK = 'Task_ЗадачаИсполнителя';

function start(store: Store, row: Row): void {
	if (row['Started'] === true) throw refusal('Бизнес-процесс уже стартован');
	const now = stamp(store.now());
	const task = store.put(TASK, {
		Ref_Key: store.newGuid(),
		Number: String(store.next(`number ${TASK}`)).padStart(9, '0'),
		Date: now,
		Description: text(row, 'Наименование'),
		Описание: text(row, 'Описание'),
		BusinessProcess: text(row, 'Ref_Key'),
		BusinessProcess_Type: `StandardODATA.${PROCESS}`,
		RoutePoint: 'Выполнить',
	});
	store.put(PROCESS, { ...row, Started: true, ДатаНачала: now, HeadTask_Key: task['Ref_Key'] ?? '' });
}

function execute(store: Store, row: Row): void {
	if (row['Executed'] === true) throw refusal('Задача уже выполнена');
	const now = stamp(store.now());
	store.put(TASK, { ...row, Executed: true, ДатаИсполнения: now });
	const process = store.get(PROCESS, text(row, 'BusinessProcess'));
	if (process) store.put(PROCESS, { ...process, Completed: true, Выполнено: true, ДатаЗавершения: now });
}

/** By `Set/Function`, as the interface calls them. */
export const taskActions: Readonly<Record<string, (store: Store, row: Row) => void>> = { [`${PROCESS}/Start`]: start, [`${TASK}/ExecuteTask`]: execute };

/** A process that waits for somebody to start it. */
export const waitingProcess = (store: Store, ref: string): void =>
	void store.put(PROCESS, { Ref_Key: ref, Number: '000000001', Date: '2026-01-01T00:00:00', Наименование: 'Проверить новые заказы', Описание: 'Просмотреть заказы, пришедшие из CRM' });
