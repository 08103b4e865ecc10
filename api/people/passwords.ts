import { hash, verify } from '@node-rs/argon2';

/** argon2id: 19 MiB, two passes. About 17 ms of one core. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export type Passwords = {
  hash(password: string): Promise<string>;
  /** @param hash null where there is none: it takes as long, and does not fit */
  verify(hash: string | null, password: string): Promise<boolean>;
};

export function createPasswords(): Passwords {
  let decoy: Promise<string> | undefined;
  return {
    hash: (password) => hash(password, cost),
    verify: async (known, password) => {
      const isRight = await verify(known ?? (await (decoy ??= hash('no password is this one', cost))), password);
      return isRight && known !== null;
    },
  };
}
