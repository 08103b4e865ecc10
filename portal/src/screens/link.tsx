import { PageHead } from '../components/page-head.tsx';
import { useWords } from '../words/use-words.tsx';

export function LinkScreen() {
  const words = useWords().signIn;
  return <PageHead title={words.title} />;
}
