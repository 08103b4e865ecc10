import { createLink } from '@tanstack/react-router';
import { LoaderCircle } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { classes } from '../lib/classes.ts';
import css from './button.module.css';

interface Looks {
  readonly look?: 'plain' | 'primary' | 'quiet' | 'danger';
  readonly size?: 'normal' | 'small';
}

const classesOf = ({ look = 'plain', size = 'normal' }: Looks, more?: string) =>
  classes(css['button'], look !== 'plain' && css[look], size === 'small' && css['small'], more);

type ButtonProps = ComponentProps<'button'> & Looks & { readonly isBusy?: boolean };

/** A verb with its object: `Reject order`. While busy it turns and takes no second press. */
export function Button({ look, size, isBusy = false, className, children, ...rest }: ButtonProps) {
  const { disabled = false, type = 'button', ...others } = rest;
  const looks = { ...(look && { look }), ...(size && { size }) };
  return (
    <button
      {...others}
      type={type}
      disabled={disabled || isBusy}
      aria-busy={isBusy || undefined}
      className={classesOf(looks, className)}
    >
      {isBusy && <Spinner />}
      {children}
    </button>
  );
}

type IconButtonProps = Omit<ButtonProps, 'children'> & { readonly label: string; readonly children: ReactNode };

/** A button that is only an icon; its label is read out, and shown by the pointer. */
export const IconButton = ({ label, className, children, isBusy = false, ...rest }: IconButtonProps) => (
  <Button {...rest} isBusy={isBusy} aria-label={label} title={label} className={classes(css['icon'], className)}>
    {!isBusy && children}
  </Button>
);

const Anchor = ({ look, size, className, ...rest }: ComponentProps<'a'> & Looks) => (
  <a {...rest} className={classesOf({ ...(look && { look }), ...(size && { size }) }, className)} />
);

/** A link of the router that looks like a button. */
export const ButtonLink = createLink(Anchor);

/** A link to elsewhere, in a new tab, that looks like a button. */
export const ExternalButton = (props: ComponentProps<'a'> & Looks) => (
  <Anchor target="_blank" rel="noreferrer" {...props} />
);

export const Spinner = ({ size = 16, label }: { readonly size?: number; readonly label?: string }) => (
  <LoaderCircle
    size={size}
    className={css['spin']}
    {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
  />
);
