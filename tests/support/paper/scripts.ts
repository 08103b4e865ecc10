import type { Address } from '../../../domain/orders/order.ts';
import type { PaperLanguage } from '../../../domain/paper/language.ts';

/** A customer and a product in each script, with the words that a slip must show. */
type Customer = { language: PaperLanguage; shipTo: Address; product: string };

const customer = (language: PaperLanguage, product: string, address: string): Customer => {
  const [name = '', address1 = '', city = '', postalCode = '', country = '', province] = address.split('|');
  return {
    language,
    product,
    shipTo: { name, address1, city, postalCode, country, ...(province !== undefined && { province }) },
  };
};

export const scripts: Readonly<Record<string, Customer>> = {
  Latin: customer('pl', 'Kubek żółty', 'Zażółć Gęślą Jaźń|ul. Łódzka 5|Łódź|90-001|PL'),
  Cyrillic: customer('uk', 'Синя кружка', 'Тарас Григорович|вул. Хрещатик 22|Київ|01001|UA'),
  Greek: customer('el', 'Μπλε κούπα', 'Ελένη Παπαδοπούλου|Οδός Ερμού 12|Αθήνα|105 63|GR'),
  Chinese: customer('zh', '蓝色搪瓷杯', '王小明|建国路88号12B|朝阳区|100022|CN|北京市'),
  Japanese: customer('ja', '青いホーローマグ', '山田 太郎|丸の内1-9-1|千代田区|100-0005|JP|東京都'),
  Korean: customer('ko', '파란색 머그', '김민수|세종대로 110|중구|04524|KR|서울특별시'),
  Arabic: customer('ar', 'كوب أزرق', 'محمد بن سعيد 12B|شارع الملك فهد 45|الرياض|11564|SA'),
  Hebrew: customer('he', 'ספל כחול', 'דוד כהן 12B|רחוב הרצל 12|תל אביב|6688312|IL'),
};
