import { PageHead } from '../components/page-head.tsx';
import { useWords } from '../words/use-words.tsx';

export function ActivityScreen() {
  const words = useWords().activity;
  return <PageHead title={words.title} />;
}
