import { Check, Code, Store } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { changeChannel, checkChannel, createChannel } from '../../api/commands/channels.ts';
import type { Channel, ChannelCheck } from '../../api/queries/channels.ts';
import { useCommand } from '../../api/use-command.ts';
import { Button, ButtonLink, Spinner } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { BackLink, PageHead } from '../../components/page-head.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useAccountId } from '../../lib/account-id.ts';
import { classes } from '../../lib/classes.ts';
import { useIntentKey } from '../../lib/intents.ts';
import { useWords } from '../../words/use-words.tsx';
import { CheckResult } from './check-result.tsx';
import { changeOf, newChannelOf, newDraft, type Draft } from './draft.ts';
import { shopKinds, type ShopKind } from './kinds.ts';
import { LocationChoice } from './location-choice.tsx';
import { ShopForm } from './shop-form.tsx';
import css from './channels.module.css';

/** A shop in three steps: its kind, its address and credentials, and what we may do there. */
export function SetUp() {
  const words = useWords().channels;
  const account = useAccountId();
  const [draft, setDraft] = useState<Draft>();
  const [channel, setChannel] = useState<Channel>();
  const [isChecking, setChecking] = useState(false);
  const step = draft === undefined ? 1 : isChecking && channel ? 3 : 2;
  return (
    <>
      <PageHead
        title={words.setUp.title}
        back={
          <BackLink to="/$account/channels" params={{ account }}>
            {words.one.back}
          </BackLink>
        }
      />
      <div className={css['narrow']}>
        <Steps current={step} />
        {draft === undefined && <KindStep onChoose={(kind) => setDraft(newDraft(kind))} />}
        {draft && step === 2 && (
          <ShopStep
            draft={draft}
            channel={channel}
            onChange={setDraft}
            onBack={() => setDraft(undefined)}
            onSaved={(saved) => {
              setChannel(saved);
              setChecking(true);
            }}
          />
        )}
        {draft && step === 3 && channel && (
          <CheckStep channel={channel} kind={draft.kind} onChannel={setChannel} onChange={() => setChecking(false)} />
        )}
      </div>
    </>
  );
}

function Steps({ current }: { readonly current: number }) {
  const words = useWords().channels.setUp;
  return (
    <ol className={css['steps']} aria-label={words.stepsLabel}>
      {words.steps.map((name, index) => {
        const isPast = index + 1 < current;
        return (
          <li
            key={name}
            className={classes(isPast && css['past'])}
            aria-current={index + 1 === current ? 'step' : undefined}
          >
            <span aria-hidden>{isPast ? <Check size={14} /> : index + 1}</span>
            {name}
          </li>
        );
      })}
    </ol>
  );
}

/** The title of a step has the focus when it begins, so that it is read out. */
function StepTitle({ step, children }: { readonly step: number; readonly children: string }) {
  const words = useWords().channels.setUp;
  const title = useRef<HTMLSpanElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <span ref={title} tabIndex={-1}>
      <span className="visually-hidden">{words.step(step, words.steps.length)}: </span>
      {children}
    </span>
  );
}

const icons = { vendure: Store, medusa: Store, api: Code };

function KindStep({ onChoose }: { readonly onChoose: (kind: ShopKind) => void }) {
  const words = useWords().channels;
  return (
    <Card title={<StepTitle step={1}>{words.setUp.kindQuestion}</StepTitle>}>
      <div className={css['kinds']}>
        {shopKinds.map((kind) => {
          const Icon = icons[kind];
          return (
            <button key={kind} type="button" className={css['kind']} onClick={() => onChoose(kind)}>
              <Icon size={20} aria-hidden />
              <span>
                <b>{words.kinds[kind]}</b>
                <small>{words.kindTexts[kind]}</small>
              </span>
            </button>
          );
        })}
      </div>
    </Card>
  );
}

interface ShopStepProps {
  readonly draft: Draft;
  /** Added already: another press changes it. */
  readonly channel: Channel | undefined;
  readonly onChange: (draft: Draft) => void;
  readonly onBack: () => void;
  readonly onSaved: (channel: Channel) => void;
}

function ShopStep({ draft, channel, onChange, onBack, onSaved }: ShopStepProps) {
  const words = useWords().channels;
  const { say } = useToasts();
  const create = useCommand(createChannel);
  const change = useCommand(changeChannel);
  const key = useIntentKey();
  const save = async () => {
    const { data, error } = channel
      ? await change.run({ id: channel.id, change: changeOf(draft) })
      : await create.run({ key: key.current(), body: newChannelOf(draft) });
    if (error) return key.refused(error);
    if (!channel) say(words.setUp.added(data.name));
    onSaved(data);
  };
  const isBusy = create.isBusy || change.isBusy;
  return (
    <Card title={<StepTitle step={2}>{words.setUp.steps[1] ?? ''}</StepTitle>}>
      <ShopForm
        draft={draft}
        onChange={onChange}
        error={create.error ?? change.error}
        onSubmit={() => void save()}
        actions={
          <>
            {!channel && <Button onClick={onBack}>{words.setUp.back}</Button>}
            <Button type="submit" look="primary" isBusy={isBusy}>
              {channel ? words.setUp.save : words.setUp.add}
            </Button>
          </>
        }
      />
    </Card>
  );
}

interface CheckStepProps {
  readonly channel: Channel;
  readonly kind: ShopKind;
  readonly onChannel: (channel: Channel) => void;
  /** Back to address and credentials. */
  readonly onChange: () => void;
}

function CheckStep({ channel, kind, onChannel, onChange }: CheckStepProps) {
  const words = useWords().channels.setUp;
  const account = useAccountId();
  const { run, isBusy, error } = useCommand(checkChannel);
  const [check, setCheck] = useState<ChannelCheck>();
  const { id } = channel;
  useEffect(() => void run(id).then(({ data }) => setCheck(data)), [run, id]);
  const again = async () => setCheck((await run(id)).data);
  const isDone = check !== undefined && check.missing.length === 0;
  return (
    <Card title={<StepTitle step={3}>{words.steps[2] ?? ''}</StepTitle>}>
      <div className="stack">
        {isBusy ? (
          <p className={css['checking']} role="status">
            <Spinner />
            {words.checking}
          </p>
        ) : (
          <CheckResult kind={kind} check={check} error={error} />
        )}
        {check && <LocationChoice channel={channel} locations={check.locations} onChange={onChannel} />}
        <div className={css['buttons']}>
          {!isDone && (
            <>
              <Button onClick={onChange}>{words.change}</Button>
              <Button isBusy={isBusy} onClick={() => void again()}>
                {words.again}
              </Button>
            </>
          )}
          <ButtonLink
            look={isDone ? 'primary' : 'quiet'}
            to="/$account/channels/$channel"
            params={{ account, channel: id }}
          >
            {words.done}
          </ButtonLink>
        </div>
      </div>
    </Card>
  );
}
