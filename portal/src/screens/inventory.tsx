import { PageHead } from '../components/page-head.tsx';
import { useWords } from '../words/use-words.tsx';

export function InventoryScreen() {
  const words = useWords().inventory;
  return <PageHead title={words.title} />;
}
