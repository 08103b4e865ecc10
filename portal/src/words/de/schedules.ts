import type { schedules as en } from '../en/schedules.ts';

export const schedules: typeof en = {
  title: 'Zeitpläne',
  empty: 'Wird eingerichtet',
  emptyHint: 'Die Zeitpläne sind in wenigen Sekunden hier.',
  none: 'Hier läuft nichts von selbst',
  noneHint: 'Ihr Programm stellt Bestellungen ein und liest Sendungen, wann es will.',
  columns: {
    task: 'Aufgabe',
    interval: 'Läuft',
    next: 'Nächster Lauf',
    last: 'Letzter Lauf',
    isOn: 'An',
    now: 'Jetzt',
  },
  intervals: {
    instant: 'Sofort',
    '10m': 'Alle 10 Minuten',
    '1h': 'Jede Stunde',
    '6h': 'Alle 6 Stunden',
    '24h': 'Jeden Tag',
  },
  byHand: 'Von Hand gesetzt',
  intervalOf: (task) => `Wie oft „${task}“ läuft`,
  paused: 'Angehalten',
  never: 'Noch nicht',
  isOn: (task) => `„${task}“ läuft von selbst`,
  runNow: 'Jetzt ausführen',
  runNowOf: (task) => `Jetzt ausführen: ${task}`,
  changed: (task, interval) => `${task}: ${interval}`,
  nowPaused: (task) => `„${task}“ ist angehalten`,
  nowPausedText: 'Mit Abgleichen oder „Jetzt ausführen“ läuft es trotzdem.',
  nowOn: (task) => `„${task}“ läuft wieder von selbst`,
  cancels: {
    shop: 'Übernehmen, was der Shop storniert',
    shopHint:
      'Was im Shop storniert wird, wird hier storniert. Hat ein Lieferant die Bestellung, wird er gefragt. Aus: Sie stornieren hier selbst.',
    merchant: 'Übernehmen, was der Händler storniert',
    merchantHint:
      'Stücke, deren Storno der Händler wünscht, werden hier sofort storniert, wenn sie nicht versandt sind. Aus: Sie nehmen jede Anfrage an oder lehnen sie ab.',
  },
};
