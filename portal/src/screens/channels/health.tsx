import type { Channel } from '../../api/queries/channels.ts';
import { Badge, type Tone } from '../../components/badge.tsx';
import { useWords } from '../../words/use-words.tsx';

const tones: Readonly<Record<Channel['health']['status'], Tone>> = {
  ok: 'green',
  failing: 'amber',
  unauthorized: 'red',
};

export function Health({ channel: { health } }: { readonly channel: Channel }) {
  const words = useWords().channels.health;
  return <Badge tone={tones[health.status]}>{words[health.status]}</Badge>;
}
