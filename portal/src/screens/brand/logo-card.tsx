import { useQuery } from '@tanstack/react-query';
import { removeLogo, saveLogo } from '../../api/commands/brand.ts';
import { pictureQuery, type Brand } from '../../api/queries/brand.ts';
import { useCommand } from '../../api/use-command.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { FileDrop } from '../../components/file-drop.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useAccount } from '../../lib/use-account.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import css from './brand.module.css';

/** The logo at the top of each slip. A picture is stored at once. */
export function LogoCard({ brand: { logo } }: { readonly brand: Brand }) {
  const words = useWords().paper.brand;
  const { may } = useAccount();
  const { say } = useToasts();
  const messageOf = useMessage();
  const save = useCommand(saveLogo);
  const remove = useCommand(removeLogo);
  const choose = async (file: File) => {
    remove.reset();
    const { data } = await save.run(file);
    if (data) say(words.logoSaved);
  };
  const takeAway = async () => {
    save.reset();
    const { error } = await remove.run(undefined);
    if (!error) say(words.logoRemoved);
  };
  const refusal = save.error ?? remove.error;
  return (
    <Card title={words.logo}>
      <div className="stack">
        {logo && <Logo documentId={logo.documentId} />}
        {refusal && <Banner tone="red" title={messageOf(refusal)} />}
        {may('admin') && (
          <>
            <FileDrop
              label={logo ? words.changeLogo : words.chooseLogo}
              hint={words.logoHint}
              accept=".png,.jpg,.jpeg,image/png,image/jpeg"
              isDisabled={save.isBusy}
              onFile={(file) => void choose(file)}
            />
            {logo && (
              <div className="row">
                <Button size="small" look="danger" isBusy={remove.isBusy} onClick={() => void takeAway()}>
                  {words.removeLogo}
                </Button>
              </div>
            )}
          </>
        )}
      </div>
    </Card>
  );
}

function Logo({ documentId }: { readonly documentId: string }) {
  const words = useWords().paper.brand;
  const { id: account } = useAccount();
  const { data } = useQuery(pictureQuery(account, documentId));
  return data === undefined ? null : <img className={css['logo']} src={data} alt={words.logo} />;
}
