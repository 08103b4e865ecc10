import { PageHead } from '../components/page-head.tsx';
import { useWords } from '../words/use-words.tsx';

export function InvitationScreen() {
  const words = useWords().invitation;
  return <PageHead title={words.title} />;
}
