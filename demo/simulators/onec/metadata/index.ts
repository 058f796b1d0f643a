// Owns the metadata of the two configurations as text.
// Must not know: records, requests.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BP_OBJECTS } from './bp.objects';
import { UT_OBJECTS } from './ut.objects';
import { emptied, widen } from './render';

const kept = new Map<string, string>();

/** `$metadata` of a configuration: УТ as captured and widened, БП in the same shape. */
export function metadataText(profile: 'ut' | 'bp'): string {
	const known = kept.get(profile);
	if (known !== undefined) return known;
	const captured = readFileSync(join(__dirname, 'ut11-demo.xml'), 'utf8');
	const text = profile === 'ut' ? widen(captured, UT_OBJECTS) : widen(emptied(captured), BP_OBJECTS);
	kept.set(profile, text);
	return text;
}
