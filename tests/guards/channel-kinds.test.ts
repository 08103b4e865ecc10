import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { format } from 'prettier';
import { shops } from '../../activities/channels/kinds.ts';
import { abilitiesOf, channelKinds, isShopKind, type ChannelKind } from '../../domain/channel.ts';

const path = join(import.meta.dirname, '../../docs/channels.md');
const [begin, end] = ['<!-- kinds -->\n\n', '\n<!-- /kinds -->'];

const yes = (holds: boolean) => (holds ? 'yes' : 'no');
const shopOf = (kind: ChannelKind) => (isShopKind(kind) ? shops[kind] : undefined);
const signs = { time: 'its time', body: 'its body alone', none: '–' };
const made = { by_us: 'made by us', in_shop: 'by a plugin in the shop' };

const rows: readonly [string, (kind: ChannelKind) => string][] = [
  ['an account adds it', (kind) => yes(abilitiesOf(kind).isShop)],
  ['it is connected by', (kind) => abilitiesOf(kind).installs ?? 'its connection'],
  ['its orders are', (kind) => (abilitiesOf(kind).takesPosts ? 'posted to us' : 'read')],
  ['it sells by itself: orders are read before stock is written', (kind) => yes(abilitiesOf(kind).hasOrdersToRead)],
  ['its orders are `stored` by the task or `released` to workflows', (kind) => abilitiesOf(kind).orders],
  ['its catalogue: `complete` or `changes`', (kind) => abilitiesOf(kind).catalogue],
  ['it compares versions of stock', (kind) => yes(abilitiesOf(kind).versionedStock)],
  ['a location of stock is chosen', (kind) => yes(shopOf(kind)?.locationSetting !== undefined)],
  [
    'an unpaid order may be imported (`importWhen`)',
    (kind) => yes('importWhen' in (shopOf(kind)?.publicSettings.shape ?? {})),
  ],
  ['messages', (kind) => (shopOf(kind)?.webhooks ? made[shopOf(kind)!.webhooks!.made] : 'none')],
  ['a message is signed with', (kind) => signs[shopOf(kind)?.webhooks?.signs ?? 'none']],
];

const cells = (texts: readonly string[]) => `| ${texts.join(' | ')} |`;
const table = () =>
  [
    cells(['', ...channelKinds.map((kind) => `\`${kind}\``)]),
    cells(['', ...channelKinds].map(() => '---')),
    ...rows.map(([text, of]) => cells([text, ...channelKinds.map(of)])),
  ].join('\n');

/** `WRITE_DOCS=1` writes the table anew. */
it('docs/channels.md shows what each kind of channel can, by the registry', async () => {
  const text = readFileSync(path, 'utf8');
  const [before, rest] = text.split(begin);
  const [shown, after] = rest!.split(end);
  const expected = await format(table(), { parser: 'markdown', printWidth: 120 });
  if (process.env['WRITE_DOCS'] === '1') writeFileSync(path, [before, begin, expected, end, after].join(''));
  else expect(shown).toBe(expected);
});
