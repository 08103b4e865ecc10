import { PageHead } from '../../components/page-head.tsx';
import { useWords } from '../../words/use-words.tsx';

export function OrderScreen() {
  const words = useWords().order;
  return <PageHead title={words.title} />;
}
