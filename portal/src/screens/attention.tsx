import { PageHead } from '../components/page-head.tsx';
import { useWords } from '../words/use-words.tsx';

export function AttentionScreen() {
  const words = useWords().attention;
  return <PageHead title={words.title} />;
}
