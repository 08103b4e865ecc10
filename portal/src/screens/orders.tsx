import { PageHead } from '../components/page-head.tsx';
import { useWords } from '../words/use-words.tsx';

export function OrdersScreen() {
  const words = useWords().orders;
  return <PageHead title={words.title} />;
}
