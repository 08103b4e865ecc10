import { lazy } from 'react';
import { Opened } from './opened.tsx';
import type { MenuProps } from './menu-base.tsx';

const load = () => import('./menu-base.tsx');
const MenuBase = lazy(async () => ({ default: (await load()).MenuBase }));

/** A menu below its button: `<Menu trigger={<Button>…</Button>}><MenuItem onSelect={…}>…</MenuItem></Menu>`. */
export const Menu = (props: MenuProps) => (
  <Opened trigger={props.trigger} opens="menu" load={load}>
    <MenuBase {...props} />
  </Opened>
);

export const MenuItem = lazy(async () => ({ default: (await load()).MenuItem }));
export const MenuGroup = lazy(async () => ({ default: (await load()).MenuGroup }));
export const MenuSeparator = lazy(async () => ({ default: (await load()).MenuSeparator }));
