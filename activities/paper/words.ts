import type { PaperLanguage } from '../../domain/paper/language.ts';

/** Our words on paper. A number stands before `toCome`, and after `page`. */
type PaperWords = {
  slip: string;
  pickList: string;
  shipTo: string;
  order: string;
  ordered: string;
  shipping: string;
  shippedBy: string;
  quantity: string;
  item: string;
  toCome: string;
  price: string;
  amount: string;
  note: string;
  returns: string;
  page: string;
  empty: string;
  bin: string;
  orders: string;
  printed: string;
};

// prettier-ignore
export const paperWords: Record<PaperLanguage, PaperWords> = {
  en: {
    slip: 'Packing slip', pickList: 'Pick list', shipTo: 'Ship to', order: 'Order', ordered: 'Ordered', shipping: 'Shipping',
    shippedBy: 'Shipped by', quantity: 'Qty', item: 'Item', toCome: 'to come', price: 'Price', amount: 'Amount', note: 'Note',
    returns: 'Returns to', page: 'Page', empty: 'Nothing in this box', bin: 'Bin', orders: 'Orders', printed: 'Printed',
  },
  de: {
    slip: 'Lieferschein', pickList: 'Pickliste', shipTo: 'Lieferadresse', order: 'Bestellung', ordered: 'Bestellt am',
    shipping: 'Versand', shippedBy: 'Versandt von', quantity: 'Menge', item: 'Artikel', toCome: 'folgen', price: 'Preis',
    amount: 'Betrag', note: 'Nachricht', returns: 'Rücksendung an', page: 'Seite', empty: 'Nichts in diesem Paket', bin: 'Fach',
    orders: 'Bestellungen', printed: 'Gedruckt am',
  },
  fr: {
    slip: 'Bon de livraison', pickList: 'Liste de prélèvement', shipTo: 'Adresse de livraison', order: 'Commande',
    ordered: 'Date de commande', shipping: 'Livraison', shippedBy: 'Expédié par', quantity: 'Qté', item: 'Article',
    toCome: 'à venir', price: 'Prix', amount: 'Montant', note: 'Message', returns: 'Retours à', page: 'Page',
    empty: 'Rien dans ce colis', bin: 'Casier', orders: 'Commandes', printed: 'Imprimé le',
  },
  es: {
    slip: 'Albarán', pickList: 'Lista de recogida', shipTo: 'Enviar a', order: 'Pedido', ordered: 'Fecha del pedido',
    shipping: 'Envío', shippedBy: 'Enviado por', quantity: 'Cant.', item: 'Artículo', toCome: 'por llegar', price: 'Precio',
    amount: 'Importe', note: 'Nota', returns: 'Devoluciones a', page: 'Página', empty: 'Nada en este paquete', bin: 'Ubicación',
    orders: 'Pedidos', printed: 'Impreso el',
  },
  it: {
    slip: 'Documento di spedizione', pickList: 'Lista di prelievo', shipTo: 'Spedire a', order: 'Ordine',
    ordered: 'Data ordine', shipping: 'Spedizione', shippedBy: 'Spedito da', quantity: 'Qtà', item: 'Articolo',
    toCome: 'in arrivo', price: 'Prezzo', amount: 'Importo', note: 'Nota', returns: 'Resi a', page: 'Pagina',
    empty: 'Niente in questo pacco', bin: 'Ubicazione', orders: 'Ordini', printed: 'Stampato il',
  },
  nl: {
    slip: 'Pakbon', pickList: 'Picklijst', shipTo: 'Verzendadres', order: 'Bestelling', ordered: 'Besteld op',
    shipping: 'Verzending', shippedBy: 'Verzonden door', quantity: 'Aantal', item: 'Artikel', toCome: 'volgen later',
    price: 'Prijs', amount: 'Bedrag', note: 'Opmerking', returns: 'Retouren naar', page: 'Pagina', empty: 'Niets in dit pakket',
    bin: 'Vak', orders: 'Bestellingen', printed: 'Afgedrukt op',
  },
  pl: {
    slip: 'Specyfikacja przesyłki', pickList: 'Lista kompletacji', shipTo: 'Adres dostawy', order: 'Zamówienie',
    ordered: 'Data zamówienia', shipping: 'Wysyłka', shippedBy: 'Wysłane przez', quantity: 'Ilość', item: 'Produkt',
    toCome: 'do dosłania', price: 'Cena', amount: 'Kwota', note: 'Uwagi', returns: 'Zwroty na adres', page: 'Strona',
    empty: 'Brak produktów w paczce', bin: 'Miejsce', orders: 'Zamówienia', printed: 'Wydrukowano',
  },
  el: {
    slip: 'Δελτίο αποστολής', pickList: 'Λίστα συλλογής', shipTo: 'Αποστολή προς', order: 'Παραγγελία', ordered: 'Ημερομηνία',
    shipping: 'Τρόπος αποστολής', shippedBy: 'Αποστολέας', quantity: 'Ποσ.', item: 'Προϊόν', toCome: 'ακολουθούν',
    price: 'Τιμή', amount: 'Ποσό', note: 'Σημείωση', returns: 'Επιστροφές προς', page: 'Σελίδα',
    empty: 'Τίποτα σε αυτό το δέμα', bin: 'Θέση', orders: 'Παραγγελίες', printed: 'Εκτυπώθηκε',
  },
  uk: {
    slip: 'Пакувальний лист', pickList: 'Лист збирання', shipTo: 'Адреса доставки', order: 'Замовлення',
    ordered: 'Дата замовлення', shipping: 'Доставка', shippedBy: 'Відправник', quantity: 'К-сть', item: 'Товар',
    toCome: 'очікується', price: 'Ціна', amount: 'Сума', note: 'Примітка', returns: 'Повернення на адресу', page: 'Сторінка',
    empty: 'У цій посилці нічого немає', bin: 'Комірка', orders: 'Замовлення', printed: 'Надруковано',
  },
  ru: {
    slip: 'Упаковочный лист', pickList: 'Лист подбора', shipTo: 'Адрес доставки', order: 'Заказ', ordered: 'Дата заказа',
    shipping: 'Доставка', shippedBy: 'Отправитель', quantity: 'Кол-во', item: 'Товар', toCome: 'ожидается', price: 'Цена',
    amount: 'Сумма', note: 'Примечание', returns: 'Возврат по адресу', page: 'Страница', empty: 'В этой посылке ничего нет',
    bin: 'Ячейка', orders: 'Заказы', printed: 'Напечатано',
  },
  zh: {
    slip: '装箱单', pickList: '拣货单', shipTo: '收货地址', order: '订单号', ordered: '下单日期', shipping: '配送方式', shippedBy: '发货方',
    quantity: '数量', item: '商品', toCome: '件待发', price: '单价', amount: '金额', note: '备注', returns: '退货地址', page: '页码',
    empty: '此包裹内无商品', bin: '货位', orders: '订单', printed: '打印日期',
  },
  ja: {
    slip: '納品書', pickList: 'ピッキングリスト', shipTo: 'お届け先', order: '注文番号', ordered: 'ご注文日', shipping: '配送方法', shippedBy: '発送元',
    quantity: '数量', item: '商品', toCome: '点は後日発送', price: '単価', amount: '金額', note: '備考', returns: '返品先', page: 'ページ',
    empty: 'この箱に商品はありません', bin: '棚番', orders: '注文', printed: '印刷日',
  },
  ko: {
    slip: '포장 명세서', pickList: '피킹 리스트', shipTo: '받는 분', order: '주문 번호', ordered: '주문일', shipping: '배송 방법', shippedBy: '발송인',
    quantity: '수량', item: '상품', toCome: '개 추후 발송', price: '단가', amount: '금액', note: '메모', returns: '반품 주소', page: '페이지',
    empty: '이 상자에 상품이 없습니다', bin: '위치', orders: '주문', printed: '인쇄일',
  },
  ar: {
    slip: 'قائمة التعبئة', pickList: 'قائمة الانتقاء', shipTo: 'الشحن إلى', order: 'رقم الطلب', ordered: 'تاريخ الطلب',
    shipping: 'طريقة الشحن', shippedBy: 'تم الشحن بواسطة', quantity: 'الكمية', item: 'المنتج', toCome: 'لاحقًا', price: 'السعر',
    amount: 'المبلغ', note: 'ملاحظة', returns: 'عنوان الإرجاع', page: 'صفحة', empty: 'لا شيء في هذا الطرد', bin: 'الموقع',
    orders: 'الطلبات', printed: 'تاريخ الطباعة',
  },
  he: {
    slip: 'תעודת משלוח', pickList: 'רשימת ליקוט', shipTo: 'כתובת למשלוח', order: 'הזמנה', ordered: 'תאריך הזמנה',
    shipping: 'משלוח', shippedBy: 'נשלח על ידי', quantity: 'כמות', item: 'פריט', toCome: 'יגיעו בהמשך', price: 'מחיר',
    amount: 'סכום', note: 'הערה', returns: 'כתובת להחזרות', page: 'עמוד', empty: 'אין פריטים בחבילה זו', bin: 'תא',
    orders: 'הזמנות', printed: 'הודפס בתאריך',
  },
};
