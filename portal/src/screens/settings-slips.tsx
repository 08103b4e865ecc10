import { useQuery } from '@tanstack/react-query';
import { brandQuery } from '../api/queries/brand.ts';
import { Loaded } from '../components/states.tsx';
import { useAccountId } from '../lib/account-id.ts';
import { BrandForm } from './brand/brand-form.tsx';
import { LogoCard } from './brand/logo-card.tsx';
import { PreviewCard } from './brand/preview-card.tsx';
import { SettingsHead } from './settings-head.tsx';
import css from './settings.module.css';

/** How the packing slips of a merchant look, whoever prints them. */
export function SlipsScreen() {
  const account = useAccountId();
  const query = useQuery(brandQuery(account));
  return (
    <>
      <SettingsHead current="slips" />
      <Loaded query={query}>
        {(brand) => (
          <div className={css['columns']}>
            <BrandForm brand={brand} />
            <div className="stack">
              <LogoCard brand={brand} />
              <PreviewCard />
            </div>
          </div>
        )}
      </Loaded>
    </>
  );
}
