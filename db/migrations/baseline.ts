import * as accounts from './baseline/accounts.ts';
import * as attentions from './baseline/attentions.ts';
import * as catalogue from './baseline/catalogue.ts';
import * as channels from './baseline/channels.ts';
import * as documents from './baseline/documents.ts';
import * as dropships from './baseline/dropships.ts';
import * as erasures from './baseline/erasures.ts';
import * as labels from './baseline/labels.ts';
import * as orders from './baseline/orders.ts';
import * as people from './baseline/people.ts';
import * as shipments from './baseline/shipments.ts';
import * as stock from './baseline/stock.ts';
import type { Migration } from './secure.ts';

/** The whole schema of the first release. Each part refers to tables of the parts before it. */
export const up: Migration['up'] = async (db, roles) => {
  for (const part of [
    accounts,
    people,
    channels,
    catalogue,
    stock,
    orders,
    dropships,
    shipments,
    attentions,
    labels,
    documents,
    erasures,
  ])
    await part.up(db, roles);
};
