import { PageHead } from '../components/page-head.tsx';
import { useWords } from '../words/use-words.tsx';

export function SlipsScreen() {
  const words = useWords().slips;
  return <PageHead title={words.title} />;
}
