import { useAccount } from '../../lib/use-account.ts';
import { UploadButton } from './upload-button.tsx';

/** `Upload tracking` with its dialog; nothing for who may not ship. */
export const UploadTracking = () => (useAccount().may('ship') ? <UploadButton kind="shipments" /> : null);
