// Owns how long work is shown to a person: what begins, how far it is, how long it took. Must not know the work.
import type { Progress } from '../../demo/host/cache';

/** Runs one stage; every `every` seconds it says what `measure` answers. */
export async function stage<T>(progress: Progress, title: string, measure: () => string, work: () => Promise<T>, every = 10): Promise<T> {
	const started = Date.now();
	const seconds = (): string => `${((Date.now() - started) / 1000).toFixed(0)} s`;
	progress(title);
	const timer = setInterval(() => progress(`  ${seconds()}: ${measure()}`), every * 1000);
	try {
		const result = await work();
		progress(`  done in ${seconds()}`);
		return result;
	} finally {
		clearInterval(timer);
	}
}
