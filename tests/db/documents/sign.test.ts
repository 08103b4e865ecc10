import { expect, it } from '@jest/globals';
import { hexHash, signedHeaders } from '../../../db/documents/sign.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, the four examples. */
const signer = {
  region: 'us-east-1',
  key: 'AKIAIOSFODNN7EXAMPLE',
  secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const host = 'https://examplebucket.s3.amazonaws.com';
const empty = hexHash('');

it.each([
  [
    'GET Object',
    { method: 'GET', url: `${host}/test.txt`, headers: { range: 'bytes=0-9' }, bodyHash: empty },
    'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  ],
  [
    'PUT Object',
    {
      method: 'PUT',
      url: `${host}/test%24file.text`,
      headers: { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
      bodyHash: hexHash('Welcome to Amazon S3.'),
    },
    '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  ],
  [
    'GET Bucket Lifecycle',
    { method: 'GET', url: `${host}/?lifecycle=`, headers: {}, bodyHash: empty },
    'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  ],
  [
    'GET Bucket (List Objects)',
    { method: 'GET', url: `${host}/?max-keys=2&prefix=J`, headers: {}, bodyHash: empty },
    '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  ],
])('signs as Amazon does: %s', (_title, { url, ...request }, signature) => {
  const signed = signedHeaders({ ...request, url: new URL(url) }, signer, new Date('2013-05-24T00:00:00Z'));

  expect(signed['authorization']).toMatch(new RegExp(`Signature=${signature}$`));
});
