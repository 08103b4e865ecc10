import { describe, expect, it } from '@jest/globals';
import { readInAccount, withSystem } from '../../../db/engine/with-account.ts';
import { listBrandsToCopy } from '../../../db/paper/brands.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { aProblem, openApi, type Caller } from '../../support/engine/test-api.ts';
import { aJpeg, aPng } from '../../support/paper/pictures.ts';

const api = forTheFile(() => openApi());

const returnAddress = { name: 'Returns', address1: '1 Main Street', city: 'Porto', postalCode: '4000', country: 'PT' };
const settings = { displayName: 'Bär & Söhne', message: 'Danke!\nBis bald.', returnAddress, showPrices: true, showSupplier: true, language: 'de' }; // prettier-ignore
const unset = { displayName: 'A company', message: null, returnAddress: null, logo: null, showPrices: false, showSupplier: false, language: 'en', updatedAt: null }; // prettier-ignore

const putLogo = (account: Caller, payload: Buffer, type = 'image/png') =>
  api.app.inject({
    method: 'PUT',
    url: '/v1/brand/logo',
    headers: { authorization: `Bearer ${account.key}`, 'content-type': type },
    payload,
  });
const logoDocuments = (account: Caller) =>
  readInAccount(api.pool, account.accountId, (db) =>
    db('documents').where({ kind: 'logo' }).select('id', 'media_type', 'bytes', 'expires_at'),
  );
const revisionOf = async (account: Caller) => {
  const rows = await readInAccount(api.pool, account.accountId, (db) => db('brands').select('revision'));
  return rows[0]?.revision;
};

describe('a brand', () => {
  it('is the name of the account until it is set', async () => {
    const account = await api.anAccount();

    const shown = await account.get('/v1/brand');

    expect(shown.json()).toEqual(unset);
  });

  it('is set as a whole, and copied after the commit', async () => {
    const account = await api.anAccount();

    const set = await account.put('/v1/brand', settings);

    expect(set.statusCode).toBe(200);
    expect(set.json()).toEqual({ ...settings, logo: null, updatedAt: expect.any(String) });
    expect((await account.get('/v1/brand')).json()).toEqual(set.json());
    expect(api.ledger.at(-1)).toEqual({ call: 'copyBrand', args: [account.accountId] });
    const plain = (await account.put('/v1/brand', { displayName: 'Plain' })).json<object>();
    expect(plain).toEqual({ ...unset, displayName: 'Plain', updatedAt: expect.any(String) });
  });

  it('has a new revision with each change, and none with the same settings again', async () => {
    const account = await api.anAccount();
    const after = async (body: object) => {
      await account.put('/v1/brand', body);
      return revisionOf(account);
    };

    expect(await after(settings)).toBe(1);
    expect(await after(settings)).toBe(1);
    expect(await after({ ...settings, message: 'Merci' })).toBe(2);
    expect(await after({ ...settings, message: null })).toBe(3);
  });

  it.each([
    [{ displayName: ' ' }, '/displayName'],
    [{ displayName: 'A', message: 'x'.repeat(501) }, '/message'],
    [{ displayName: 'A', language: 'tlh' }, '/language'],
    [{ displayName: 'A', returnAddress: { ...returnAddress, country: 'XX' } }, '/returnAddress/country'],
    [{ displayName: 'A', logoId: 'doc_1' }, '/logoId'],
  ])('is refused as %j', async (body, pointer) => {
    const account = await api.anAccount();

    const refused = await account.put('/v1/brand', body);

    expect(refused.statusCode).toBe(422);
    expect(refused.json()).toMatchObject({ code: 'invalid_request', errors: [{ pointer }] });
    expect(await revisionOf(account)).toBeUndefined();
  });

  it('is set by admins alone, and each account has its own', async () => {
    const account = await api.anAccount();
    const writer = await api.aKeyOf(account, ['write']);
    const other = await api.anAccount();

    expect((await writer.put('/v1/brand', settings)).statusCode).toBe(403);
    expect((await putLogo(writer, aPng(3, 3))).statusCode).toBe(403);
    expect((await writer.delete('/v1/brand/logo')).statusCode).toBe(403);
    await account.put('/v1/brand', settings);
    expect((await other.get('/v1/brand')).json()).toEqual(unset);
  });

  it('waits for the sweep where its copy was not started', async () => {
    const account = await api.anAccount();
    await account.put('/v1/brand', settings);

    const found = (seconds: number) => withSystem(api.pool, (db) => listBrandsToCopy(db, { seconds, limit: 100 }));

    expect(await found(0)).toContain(account.accountId);
    expect(await found(60)).not.toContain(account.accountId);
  });
});

type Refused = { picture: Buffer; detail: string; type?: string };

describe('a logo', () => {
  it.each([
    ['image/png', aPng(40, 20)],
    ['image/jpeg', aJpeg(40, 20)],
  ])('is stored as the %s that it is, whatever type is named', async (mediaType, picture) => {
    const account = await api.anAccount();

    const set = await putLogo(account, picture, 'application/octet-stream');

    expect(set.statusCode).toBe(200);
    const [document, ...others] = await logoDocuments(account);
    expect(others).toEqual([]);
    expect(document).toMatchObject({ media_type: mediaType, expires_at: null });
    expect(Buffer.from(document!.bytes!).equals(picture)).toBe(true);
    expect(set.json()).toEqual({ ...unset, logo: { documentId: document!.id }, updatedAt: expect.any(String) });
    expect(api.ledger.at(-1)).toEqual({ call: 'copyBrand', args: [account.accountId] });
  });

  it('stays when the rest is set, replaces the one before, and is deleted', async () => {
    const account = await api.anAccount();
    const first = (await putLogo(account, aPng(40, 20))).json<{ logo: { documentId: string } }>();
    const set = (await account.put('/v1/brand', settings)).json<{ logo: { documentId: string } }>();
    expect(set.logo).toEqual(first.logo);

    const second = (await putLogo(account, aPng(41, 21))).json<{ logo: { documentId: string } }>();
    expect(second.logo).not.toEqual(first.logo);
    expect((await logoDocuments(account)).map(({ id }) => id)).toEqual([second.logo.documentId]);
    expect(await revisionOf(account)).toBe(4);
    await putLogo(account, aPng(41, 21));
    expect(await revisionOf(account)).toBe(4);

    expect((await account.delete('/v1/brand/logo')).statusCode).toBe(204);
    expect((await account.get('/v1/brand')).json()).toMatchObject({ ...settings, logo: null });
    expect(await logoDocuments(account)).toEqual([]);
    expect((await account.delete('/v1/brand/logo')).statusCode).toBe(204);
    expect(await revisionOf(account)).toBe(5);
  });

  it.each<[string, Refused]>([
    [
      'no picture',
      { picture: Buffer.from('{}'), detail: 'The logo is no PNG or JPEG, or is cut off.', type: 'application/json' },
    ],
    [
      'an SVG',
      { picture: Buffer.from('<svg/>'), detail: 'The logo is no PNG or JPEG, or is cut off.', type: 'image/svg+xml' },
    ],
    [
      'a bomb',
      {
        picture: aPng(9, 9, { width: 20_000, height: 20_000 }),
        detail: 'The logo has 20000 × 20000 pixels; it may have 2000 × 2000.',
      },
    ],
    ['too large', { picture: Buffer.alloc(600_000), detail: 'The logo has 600000 bytes; it may have 524288.' }],
    ['empty', { picture: Buffer.alloc(0), detail: 'The logo is empty.' }],
  ])(
    'is refused where it is %s, and nothing is stored',
    async (_name, { picture, detail, type = 'image/png' }: Refused) => {
      const account = await api.anAccount();

      const refused = await putLogo(account, picture, type);

      expect(refused.statusCode).toBe(422);
      expect(refused.json()).toEqual(aProblem(refused, 'logo_refused', { detail }));
      expect(await logoDocuments(account)).toEqual([]);
      expect(await revisionOf(account)).toBeUndefined();
    },
  );

  it('of more than a megabyte is not read to its end', async () => {
    const account = await api.anAccount();

    const refused = await putLogo(account, Buffer.alloc(1_100_000));

    expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([413, 'payload_too_large']);
  });
});
