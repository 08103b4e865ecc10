import { PageHead } from '../components/page-head.tsx';
import { useWords } from '../words/use-words.tsx';

export function ShipScreen() {
  const words = useWords().ship;
  return <PageHead title={words.title} />;
}
