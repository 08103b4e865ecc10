import { PageHead } from '../components/page-head.tsx';
import { useWords } from '../words/use-words.tsx';

export function ChannelScreen() {
  const words = useWords().channels;
  return <PageHead title={words.title} />;
}
