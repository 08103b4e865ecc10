import { Boxes, PackageCheck, Truck } from 'lucide-react';
import { useEffect, type ReactNode } from 'react';
import { useWords } from '../words/use-words.tsx';
import { LanguageSelect } from './language-select.tsx';
import css from './public-page.module.css';

const icons = [PackageCheck, Truck, Boxes];

/** A page for somebody who is not signed in: sign-in, a link, an invitation. */
export function PublicPage({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const { common, signIn } = useWords();
  useEffect(() => void (document.title = `${title} · ${common.brand}`), [title, common.brand]);
  return (
    <div className={css['page']}>
      <main className={css['left']}>
        <div className={css['form']}>
          <div className={css['brand']}>
            <img src="/portal/icon.svg" alt="" />
            {common.brand}
          </div>
          <h1>{title}</h1>
          {children}
        </div>
        <LanguageSelect />
      </main>
      <aside className={css['right']} aria-label={common.brand}>
        <p className={css['pitch']}>{signIn.pitch}</p>
        <ul className={css['points']}>
          {signIn.points.map((point, index) => {
            const Icon = icons[index] ?? Boxes;
            return (
              <li key={point}>
                <span>
                  <Icon size={18} aria-hidden />
                </span>
                {point}
              </li>
            );
          })}
        </ul>
      </aside>
    </div>
  );
}
