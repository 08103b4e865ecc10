import { ScanBarcode } from 'lucide-react';
import { useRef } from 'react';
import { Card } from '../components/card.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Empty } from '../components/states.tsx';
import { useAccount } from '../lib/use-account.ts';
import { useWords } from '../words/use-words.tsx';
import { BenchCard } from './ship/bench-card.tsx';
import { ScanCard } from './ship/scan-card.tsx';
import { SessionCard } from './ship/session-card.tsx';
import { useLine } from './ship/use-line.ts';
import { useScanFocus } from './ship/use-scan-focus.ts';
import css from './ship/ship.module.css';
import { UploadTracking } from './upload/upload-tracking.tsx';

/** One field for a whole shift: an order's number, its label, the next order. */
export function ShipScreen() {
  const words = useWords().ship;
  const { role, may } = useAccount();
  const isForbidden = role !== undefined && !may('ship');
  return (
    <>
      <PageHead title={words.title} sub={words.sub} actions={<UploadTracking />} />
      {isForbidden ? (
        <Card>
          <Empty icon={<ScanBarcode size={22} aria-hidden />} title={words.mayNot}>
            {words.mayNotHint}
          </Empty>
        </Card>
      ) : (
        <Line />
      )}
    </>
  );
}

function Line() {
  const { id } = useAccount();
  const { line, state } = useLine(id);
  const field = useRef<HTMLInputElement>(null);
  useScanFocus(field, [state.stop, state.question, state.bench?.order.id, state.done]);
  return (
    <div className={css['grid']}>
      <div className={css['column']}>
        <ScanCard line={line} state={state} field={field} />
        {state.bench && <BenchCard bench={state.bench} line={line} field={field} />}
      </div>
      <SessionCard done={state.done} line={line} field={field} />
    </div>
  );
}
