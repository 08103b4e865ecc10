import { lazy } from 'react';
import { Opened } from './opened.tsx';
import type { PopoverProps } from './popover-base.tsx';

const load = () => import('./popover-base.tsx');
const PopoverBase = lazy(async () => ({ default: (await load()).PopoverBase }));

/** A small page over the page, with a title. */
export const Popover = (props: PopoverProps) => (
  <Opened trigger={props.trigger} opens="dialog" load={load}>
    <PopoverBase {...props} />
  </Opened>
);
