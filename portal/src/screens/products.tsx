import { PageHead } from '../components/page-head.tsx';
import { useWords } from '../words/use-words.tsx';

export function ProductsScreen() {
  const words = useWords().products;
  return <PageHead title={words.title} />;
}
