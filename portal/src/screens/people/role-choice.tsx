import type { Role } from '../../api/queries/session.ts';
import { Radio } from '../../components/field.tsx';
import { useWords } from '../../words/use-words.tsx';

/** From the least to all; each includes those before it. */
const roles = ['viewer', 'packer', 'member', 'admin'] as const satisfies readonly Role[];

interface RoleChoiceProps {
  readonly legend: string;
  readonly role: Role;
  readonly onChoose: (role: Role) => void;
}

/** The roles, each with what it may. */
export function RoleChoice({ legend, role, onChoose }: RoleChoiceProps) {
  const words = useWords().roles;
  return (
    <fieldset className="plain">
      <legend>{legend}</legend>
      {roles.map((one) => (
        <Radio
          key={one}
          name="role"
          value={one}
          label={words[one]}
          hint={words[`${one}Hint`]}
          checked={role === one}
          onChange={() => onChoose(one)}
        />
      ))}
    </fieldset>
  );
}
