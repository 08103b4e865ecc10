import { PageHead } from '../components/page-head.tsx';
import { useWords } from '../words/use-words.tsx';

export function MerchantScreen() {
  const words = useWords().merchants;
  return <PageHead title={words.title} />;
}
