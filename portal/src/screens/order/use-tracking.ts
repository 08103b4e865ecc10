import { useRef, useState } from 'react';
import type { NewShipment } from '../../../../clients/typescript/src/index.ts';
import { ApiError } from '../../api/client.ts';
import { newKey } from '../../lib/intents.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { useCarrier } from './use-carrier.ts';

export type Method = NonNullable<NewShipment['method']>;
type Faulty = 'number' | 'carrier' | 'name';
type Fields = Pick<NewShipment, 'method' | 'carrier' | 'carrierName' | 'trackingNumber'>;
type Fault = { readonly field: Faulty; readonly text: string };

interface Start {
  readonly carrier?: string;
  readonly name?: string;
  readonly number?: string;
}

/** How a shipment goes: its method, carrier and number, as a person enters them. */
export function useTracking(start: Start = {}) {
  const words = useWords().order.ship;
  const messageOf = useMessage();
  const [method, setMethod] = useState<Method>('tracked');
  const [number, setNumber] = useState(start.number ?? '');
  const [name, setName] = useState(start.name ?? '');
  const [fault, setFault] = useState<Fault>();
  const [isChecking, setChecking] = useState(false);
  const carrier = useCarrier(number.trim(), start.carrier);
  const keyOf = useContentKey();

  const checkTracked = async (): Promise<Fields | Fault> => {
    const trackingNumber = number.trim();
    if (trackingNumber === '') return { field: 'number', text: words.numberMissing };
    const code = await carrier.resolve();
    if (code === '') return { field: 'carrier', text: words.carrierMissing };
    if (carrier.needsName && name.trim() === '') return { field: 'name', text: words.nameMissing };
    return { carrier: code, trackingNumber, ...(carrier.needsName && { carrierName: name.trim() }) };
  };

  /** The fields to send; undefined where something is missing, which then shows at its field. */
  const check = async (): Promise<Fields | undefined> => {
    setFault(undefined);
    if (method !== 'tracked') return { method };
    setChecking(true);
    const checked = await checkTracked().catch((error: unknown): Fault => {
      if (!(error instanceof ApiError)) throw error;
      return { field: 'number', text: messageOf(error) ?? '' };
    });
    setChecking(false);
    if (!('field' in checked)) return checked;
    setFault(checked);
    return undefined;
  };

  return {
    method,
    number,
    name,
    carrier,
    isChecking,
    check,
    keyOf,
    faultOf: (field: Faulty) => (fault?.field === field ? fault.text : undefined),
    faulty: fault?.field,
    setMethod,
    setName: (text: string) => {
      setFault(undefined);
      setName(text);
    },
    setNumber: (text: string) => {
      setFault(undefined);
      setNumber(text);
    },
    setCarrier: (code: string) => {
      setFault(undefined);
      carrier.choose(code);
    },
  };
}

export type Tracking = ReturnType<typeof useTracking>;

/** The same content is the same intent, also after a lost answer; another number or other units are another. */
function useContentKey(): (body: NewShipment) => string {
  const last = useRef({ content: '', key: '' });
  return (body) => {
    const content = JSON.stringify(body);
    if (last.current.content !== content) last.current = { content, key: newKey() };
    return last.current.key;
  };
}
