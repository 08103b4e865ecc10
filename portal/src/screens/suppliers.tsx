import { PageHead } from '../components/page-head.tsx';
import { useWords } from '../words/use-words.tsx';

export function SuppliersScreen() {
  const words = useWords().suppliers;
  return <PageHead title={words.title} />;
}
