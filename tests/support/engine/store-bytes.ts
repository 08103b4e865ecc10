import { storeBytes } from '../../../db/documents/documents.ts';
import { s3Bucket, type S3Options } from '../../../db/documents/s3.ts';

// Puts the bytes of a document into a bucket, says so, and waits before its row until it is killed.
const [options, accountId, text] = process.argv.slice(2) as [string, string, string];
const store = { bucket: s3Bucket(JSON.parse(options) as S3Options) };
await storeBytes(store, accountId, { kind: 'label', bytes: Buffer.from(text) });
process.stdout.write('stored');
process.stdin.resume();
