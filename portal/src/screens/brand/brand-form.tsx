import { useState, type SubmitEvent } from 'react';
import type { NewBrand } from '../../../../clients/typescript/src/index.ts';
import { saveBrand } from '../../api/commands/brand.ts';
import type { Brand } from '../../api/queries/brand.ts';
import { useCommand } from '../../api/use-command.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Checkbox, Field, Input, Select, Textarea } from '../../components/field.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useAccount } from '../../lib/use-account.ts';
import { useMessage } from '../../lib/use-message.ts';
import { locale } from '../../words/language.ts';
import { useWords } from '../../words/use-words.tsx';
import { addressFaults, AddressFields, addressOf, isEmptyAddress, typedOf } from '../address-fields.tsx';
import css from './brand.module.css';

const longest = 500;
const languages = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pl', 'el', 'uk', 'ru', 'zh', 'ja', 'ko', 'ar', 'he'] as const satisfies readonly Brand['language'][]; // prettier-ignore

/** `[code, name]` by their names in the language of the page. */
function languageOptions(): (readonly [string, string])[] {
  const names = new Intl.DisplayNames(locale(), { type: 'language' });
  return languages
    .map((code) => [code, names.of(code) ?? code] as const)
    .sort(([, one], [, other]) => one.localeCompare(other, locale()));
}

/** All but the logo; stored as a whole. For who may not change it its controls are locked. */
export function BrandForm({ brand }: { readonly brand: Brand }) {
  const words = useWords().paper.brand;
  const { may } = useAccount();
  const { say } = useToasts();
  const messageOf = useMessage();
  const save = useCommand(saveBrand);
  const [name, setName] = useState(brand.displayName);
  const [message, setMessage] = useState(brand.message ?? '');
  const [language, setLanguage] = useState(brand.language);
  const [shows, setShows] = useState({ prices: brand.showPrices, supplier: brand.showSupplier });
  const [address, setAddress] = useState(() => typedOf(brand.returnAddress));
  const [languageChoice] = useState(languageOptions);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const body: NewBrand = {
      displayName: name.trim(),
      language,
      showPrices: shows.prices,
      showSupplier: shows.supplier,
      ...(message.trim() !== '' && { message: message.trim() }),
      ...(!isEmptyAddress(address) && { returnAddress: addressOf(address) }),
    };
    const { data } = await save.run(body);
    if (data) say(words.saved);
  };
  const faults = addressFaults(save.error, '/returnAddress');
  const canChange = may('admin');
  return (
    <Card title={words.look}>
      <form onSubmit={(event) => void submit(event)}>
        <fieldset className="plain" disabled={!canChange}>
          <legend className="visually-hidden">{words.look}</legend>
          <div className="stack">
            <p className="muted">{words.text}</p>
            <Field label={words.name}>
              {(ids) => (
                <Input
                  {...ids}
                  required
                  maxLength={200}
                  autoComplete="off"
                  value={name}
                  onChange={({ target }) => setName(target.value)}
                />
              )}
            </Field>
            <Field label={words.message} hint={words.messageHint(longest - message.length)}>
              {(ids) => (
                <Textarea
                  {...ids}
                  rows={4}
                  maxLength={longest}
                  value={message}
                  onChange={({ target }) => setMessage(target.value)}
                />
              )}
            </Field>
            <Field label={words.language}>
              {(ids) => (
                <Select
                  {...ids}
                  value={language}
                  options={languageChoice}
                  onChange={({ target }) => setLanguage(languages.find((one) => one === target.value) ?? language)}
                />
              )}
            </Field>
            <Checkbox
              label={words.showPrices}
              hint={words.showPricesHint}
              checked={shows.prices}
              onChange={({ target }) => setShows((now) => ({ ...now, prices: target.checked }))}
            />
            <Checkbox
              label={words.showSupplier}
              hint={words.showSupplierHint}
              checked={shows.supplier}
              onChange={({ target }) => setShows((now) => ({ ...now, supplier: target.checked }))}
            />
            <div className={css['address']} role="group" aria-label={words.returnAddress}>
              <h3>{words.returnAddress}</h3>
              <p className="muted small">{words.returnAddressHint}</p>
              <AddressFields typed={address} faults={faults} isOptional onChange={setAddress} />
            </div>
            {save.error && faults.size === 0 && <Banner tone="red" title={messageOf(save.error)} />}
            {canChange ? (
              <div className="row">
                <Button type="submit" look="primary" isBusy={save.isBusy}>
                  {words.save}
                </Button>
              </div>
            ) : (
              <p className="muted small">{words.onlyAdmins}</p>
            )}
          </div>
        </fieldset>
      </form>
    </Card>
  );
}
