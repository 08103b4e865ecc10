import { describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig, s3Of } from '../config.ts';

const needed = {
  DATABASE_URL: 'postgres://app@127.0.0.1/vp',
  DATABASE_SYSTEM_URL: 'postgres://system@127.0.0.1/vp',
  TEMPORAL_ADDRESS: '127.0.0.1:7233',
  OPERATOR_KEY: 'an operator key of 20 signs',
  ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
};
const s3 = {
  DOCUMENTS_S3_ENDPOINT: 'https://s3.example',
  DOCUMENTS_S3_BUCKET: 'documents',
  DOCUMENTS_S3_KEY: 'key',
  DOCUMENTS_S3_SECRET: 'secret',
};

describe('the S3 store of documents', () => {
  it('is none by default: bytes are in Postgres', () => {
    expect(s3Of(loadConfig(needed))).toBeNull();
  });

  it('is given by endpoint, bucket, key and secret', () => {
    expect(s3Of(loadConfig({ ...needed, ...s3 }))).toEqual({
      endpoint: 'https://s3.example',
      bucket: 'documents',
      region: 'us-east-1',
      key: 'key',
      secret: 'secret',
    });
  });

  it.each(Object.keys(s3))('is refused without %s', (name) => {
    expect(() => loadConfig({ ...needed, ...s3, [name]: '' })).toThrow('give all of them, or none');
  });

  it.each([{ DOCUMENTS_S3_ENDPOINT: 'https://s3.example/documents' }, { DOCUMENTS_S3_BUCKET: 'Documents/2026' }])(
    'is refused where it cannot be meant: %j',
    (change) => {
      expect(() => loadConfig({ ...needed, ...s3, ...change })).toThrow(ConfigError);
    },
  );
});
