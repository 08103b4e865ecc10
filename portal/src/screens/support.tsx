import { PageHead } from '../components/page-head.tsx';
import { useWords } from '../words/use-words.tsx';

export function SupportScreen() {
  const words = useWords().support;
  return <PageHead title={words.title} />;
}
