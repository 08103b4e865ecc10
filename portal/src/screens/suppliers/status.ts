import type { Connection } from '../../../../clients/typescript/src/index.ts';
import type { Tone } from '../../components/badge.tsx';

const tones: Readonly<Record<Connection['status'], Tone>> = {
  pending: 'blue',
  active: 'green',
  paused: 'amber',
  declined: 'grey',
  ended: 'grey',
};

export const toneOf = (status: Connection['status']): Tone => tones[status];
