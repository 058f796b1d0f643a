// Tests that docs/rest-profiles.md says of every shipped profile what the profile itself says. With UPDATE_DOCS=1 the
// tables and notes are written anew.
import fs from 'node:fs';
import path from 'node:path';
import { KINDS, type Kind } from '../../../nodes/core/documents';
import { capabilitiesOf } from '../../../nodes/RestErp/rest.capabilities';
import { loadProfile } from '../../../nodes/RestErp/rest.profile';
import type { Profile } from '../../../nodes/RestErp/rest.profile.schema';
import { SHIPPED } from '../../../nodes/RestErp/rest.profiles';

const FILE = path.join(__dirname, '..', '..', '..', 'docs', 'rest-profiles.md');

const PROFILES = Object.keys(SHIPPED).map((name): [string, Profile] => [name, loadProfile(SHIPPED[name], name)]);
const TRIED = { server: 'a real server', simulator: 'a simulator made from the documentation', nothing: 'nothing' };

/** What stands between `<!-- name -->` and `<!-- /name -->`. */
function parts(): Record<string, string[]> {
	return {
		profiles: ['| profile | system | API and its documentation | covers | tried on |', '|---|---|---|---|---|', ...PROFILES.map(([name, { name: system, about }]) => `| \`${name}\` | ${system} | [${about!.version}](${about!.documentation}) | ${about!.covers} | ${TRIED[about!.tried]} |`)],
		kinds: ['| profile | kind | verbs | moves to | identity |', '|---|---|---|---|---|', ...PROFILES.flatMap(([name, profile]) => KINDS.filter((kind) => profile.kinds[kind]).map((kind) => row(name, profile, kind)))],
		notes: PROFILES.flatMap(([name, { name: system, about, settings = {} }]) => [
			`### ${system} (\`${name}\`)`,
			'',
			...(Object.keys(settings).length > 0 ? ['| setting | what | default |', '|---|---|---|', ...Object.entries(settings).map(([setting, { title, description, default: usual }]) => `| \`${setting}\` | ${[title, description].filter(Boolean).join('. ')} | ${usual === undefined ? '' : `\`${usual}\``} |`), ''] : []),
			...about!.notes.map((note) => `- ${note}`),
			'',
		]).slice(0, -1),
	};
}

function row(name: string, profile: Profile, kind: Kind): string {
	const { kinds, transitions } = capabilitiesOf(profile);
	const verbs = kinds[kind]!.filter((verb) => verb !== 'transition').join(', ');
	const identity = profile.kinds[kind]!.identity;
	return `| \`${name}\` | ${kind} | ${verbs} | ${(transitions[kind] ?? []).join(', ')} | ${identity ? `\`${identity.by}\`` : 'read only'} |`;
}

const between = (name: string): RegExp => new RegExp(`(<!-- ${name} -->\n)([\\s\\S]*?)(<!-- /${name} -->)`);

if (process.env.UPDATE_DOCS) {
	const text = Object.entries(parts()).reduce((so, [name, lines]) => so.replace(between(name), (_whole, before: string, _old: string, after: string) => `${before}${lines.join('\n')}\n${after}`), fs.readFileSync(FILE, 'utf8'));
	fs.writeFileSync(FILE, text);
}

it.each(Object.entries(parts()))('says of the shipped profiles: %s', (name, lines) => {
	const [, , written] = between(name).exec(fs.readFileSync(FILE, 'utf8')) ?? [];
	expect(written?.trimEnd().split('\n')).toEqual(lines);
});

it('explains every identity rule that is used', () => {
	const text = fs.readFileSync(FILE, 'utf8');
	const used = new Set(PROFILES.flatMap(([, { kinds }]) => Object.values(kinds).flatMap(({ identity }) => (identity ? [identity.by] : []))));
	for (const by of used) expect(text).toMatch(new RegExp(`^\\| \`${by}\` \\|`, 'm'));
});
