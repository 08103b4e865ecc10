import { ExternalLink } from 'lucide-react';
import { ExternalButton } from '../../components/button.tsx';
import { webUrl } from '../../lib/format.ts';
import { useWords } from '../../words/use-words.tsx';

interface WorkflowLinkProps {
  readonly url: string | null | undefined;
  readonly subject: string;
}

/** To the page of the workflow in the Temporal UI. */
export function WorkflowLink({ url, subject }: WorkflowLinkProps) {
  const words = useWords().support;
  const href = webUrl(url);
  if (href === undefined) return <span className="muted">{words.noWorkflow}</span>;
  return (
    <ExternalButton size="small" href={href} aria-label={words.workflowOf(subject)}>
      <ExternalLink size={14} aria-hidden />
      {words.workflow}
    </ExternalButton>
  );
}
