import { useAccount } from '../../lib/use-account.ts';
import { UploadButton } from './upload-button.tsx';

/** `Upload counts` with its dialog; nothing for who may not write. */
export const UploadCounts = () => (useAccount().may('write') ? <UploadButton kind="stock" /> : null);
