/**
 * The carriers, one a line: code | name | countries (ISO 3166-1; `*`: worldwide) | public tracking page | other spellings.
 * A spelling `shopify:…` is the one of that shop's list; each shop with a list of its own gets a prefix. `!`: the name is an
 * everyday word, so it has to stand alone, without a service behind it.
 *
 * Names and spellings of Shopify are facts from its public list "Supported tracking companies" (shopify.dev, Admin GraphQL
 * reference, `FulfillmentTrackingInfo`), and other spellings from the lists of EasyPost, Shippo and 17TRACK. Some
 * tracking pages of North America were compared with jkeen/tracking_number_data (MIT, copyright 2017 Jeff Keen). No test
 * opens a tracking page. We copied no code. `-`: no page that takes the number in its address.
 */
export const carrierTable = `
ups | UPS | * | https://www.ups.com/track?tracknum={number} | United Parcel Service
usps | USPS | US | https://tools.usps.com/go/TrackConfirmAction?tLabels={number} | US Postal Service, United States Postal Service, US Mail
fedex | FedEx | * | https://www.fedex.com/fedextrack/?trknbr={number} | Federal Express, FDX
dhl_express | DHL Express | * | https://www.dhl.com/en/express/tracking.html?AWB={number} | DHL
dhl_ecommerce | DHL eCommerce | * | https://www.dhl.com/us-en/home/tracking.html?tracking-id={number} | DHL Global Mail, DHL eCommerce Asia, DHL eCommerce US, DHL eCommerce UK, DHL eCommerce Solutions
dhl_parcel | DHL Parcel | NL BE GB ES PL PT | - | DHL Parcel UK, DHL Parcel NL, DHL Parcel Benelux, UK Mail, DHL NL
dhl_freight | DHL Freight | * | - |
tnt | TNT | * | https://www.tnt.com/express/en_us/site/shipping-tools/tracking.html?searchType=con&cons={number} | TNT Express, TNT Australia, TNT UK, TNT Italy
aramex | Aramex | * | https://www.aramex.com/us/en/track/results?mode=0&ShipmentNumber={number} | Aramex International
ems | EMS | * | - | Express Mail Service
amazon_logistics | Amazon Logistics | * | https://track.amazon.com/tracking/{number} | AMZL, Amazon, Amazon Shipping, Swiship, shopify:Amazon Logistics US, shopify:Amazon Logistics UK
db_schenker | DB Schenker | * | - | Schenker
kuehne_nagel | Kuehne+Nagel | * | - | Kuehne Nagel, Kühne Nagel
asendia | Asendia | * | - | shopify:Asendia USA, Asendia UK
landmark_global | Landmark Global | * | https://track.landmarkglobal.com/?search={number} |
pitney_bowes | Pitney Bowes | US | - | Newgistics
passport | Passport | US CA | - | !, Passport Shipping
ontrac | OnTrac | US | https://www.ontrac.com/tracking/?number={number} |
lasership | LaserShip | US | https://www.lasership.com/track/{number} | shopify:Lasership, Laser Ship
spee_dee | Spee-Dee Delivery | US | https://www.speedeedelivery.com/track/?tracking={number} | Spee-Dee, SpeeDee
lso | LSO | US | - | shopify:Lone Star Overnight
uds | United Delivery Service | US | - | UDS
cdl | CDL Last Mile | US | - | CDL, CDL Last Mile Solutions
veho | Veho | US | https://track.shipveho.com/#/barCode/{number} |
uniuni | UniUni | US CA | https://www.uniuni.com/tracking/#tracking-detail?no={number} |
gofo | GOFO Express | US | https://www.gofoexpress.com/tracking.html?searchID={number} | GOFO
jitsu | Jitsu | US | - | AxleHire
better_trucks | Better Trucks | US | - |
gls_us | GLS US | US | - | shopify:GLS (US), GSO, Golden State Overnight
osm_worldwide | OSM Worldwide | US | https://www.osmworldwide.com/tracking/?trackingNumbers={number} | OSM
apc_postal | APC Postal Logistics | US | - | shopify:APC, APC Postal
globegistics | Globegistics | US | - |
first_mile | FirstMile | US | - | First Mile
tforce | TForce Final Mile | US CA | - | TForce, TForce Freight, Dynamex
old_dominion | Old Dominion | US | https://www.odfl.com/us/en/tools/trace-track-ltl-freight/trace.html?proNumbers={number} | Old Dominion Freight Line, ODFL
estes | Estes | US | - | Estes Express, Estes Express Lines
xpo | XPO Logistics | US | - | XPO
rl_carriers | R+L Carriers | US | - | RL Carriers, R&L Carriers
saia | Saia | US | - | Saia LTL Freight
abf | ABF Freight | US | - | ABF, ArcBest
canada_post | Canada Post | CA | https://www.canadapost-postescanada.ca/track-reperage/en#/search?searchFor={number} | Postes Canada, Canadapost
purolator | Purolator | CA | https://www.purolator.com/en/shipping/tracker?searchValue={number} | Purolator Courier
canpar | Canpar | CA | https://www.canpar.com/en/track/tracking.jsp?reference={number}&locale=en | Canpar Express
intelcom | Intelcom | CA | https://intelcom.ca/en/track-your-package/?tracking-id={number} | Dragonfly, Intelcom Express
loomis | Loomis | CA | - | Loomis Express
nationex | Nationex | CA | - |
chit_chats | Chit Chats | CA US | https://chitchats.com/tracking/{number} |
estafeta | Estafeta | MX | - | Estafeta Mexicana
redpack | Redpack | MX | - |
paquetexpress | Paquetexpress | MX | - | Paquete Express
99minutos | 99minutos | MX CL CO PE | https://tracking.99minutos.com/search/{number} | 99 minutos
correos_mexico | Correos de México | MX | - | Correos Mexico, Sepomex, Mexpost
correios | Correios | BR | https://rastreamento.correios.com.br/app/index.php?objetos={number} | Correios Brasil, Brazil Post, Correios SEDEX, SEDEX
jadlog | Jadlog | BR | - |
loggi | Loggi | BR | - |
total_express | Total Express | BR | - |
correo_argentino | Correo Argentino | AR | - |
andreani | Andreani | AR | - |
oca | OCA | AR | - | OCA Argentina
chilexpress | Chilexpress | CL | https://centrodeayuda.chilexpress.cl/seguimiento/{number} |
starken | Starken | CL | - |
correos_chile | Correos de Chile | CL | - | Correos Chile
servientrega | Servientrega | CO EC | - |
coordinadora | Coordinadora | CO | https://coordinadora.com/rastreo/rastreo-de-guia/detalle-de-rastreo-de-guia/?guia={number} |
interrapidisimo | Inter Rapidísimo | CO | - | Interrapidisimo
royal_mail | Royal Mail | GB | https://www.royalmail.com/track-your-item#/tracking-results/{number} | Royalmail, Royal Mail Group
parcelforce | Parcelforce | GB | https://www.parcelforce.com/track-trace?trackNumber={number} | Parcelforce Worldwide, Parcel Force
evri | Evri | GB | https://www.evri.com/track/parcel/{number} | myHermes, Hermes UK, Hermes World, EVRi
yodel | Yodel | GB | https://www.yodel.co.uk/tracking/{number} | Yodel Direct
dpd_uk | DPD UK | GB | https://track.dpd.co.uk/search?reference={number} | DPD GB, DPD United Kingdom, Interlink Express
dpd_local | DPD Local | GB | - |
dx | DX | GB IE | - | DX Delivery, DX Freight
apc_overnight | APC Overnight | GB | - |
tuffnells | Tuffnells | GB | - |
whistl | Whistl | GB | - |
arrow_xl | ArrowXL | GB | - | Arrow XL
collect_plus | Collect+ | GB | - | CollectPlus
an_post | An Post | IE | https://www.anpost.com/Post-Parcels/Track/History?item={number} | Anpost
dpd_ie | DPD Ireland | IE | - | DPD IE
fastway_ie | Fastway Ireland | IE | - | Fastway IE, Fastway Couriers Ireland
dpd | DPD | * | https://tracking.dpd.de/status/en_US/parcel/{number} | DPD Group, Dynamic Parcel Distribution, DPD Germany
gls | GLS | * | https://gls-group.com/track/{number} | General Logistics Systems
deutsche_post | Deutsche Post | DE | https://www.dhl.de/en/privatkunden/pakete-empfangen/verfolgen.html?piececode={number} | DHL Paket, DHL Germany, DHL DE, DHL Deutschland, DHL Päckchen, DHL Warenpost, shopify:Deutsche Post (DE), shopify:Deutsche Post (EN)
hermes | Hermes | DE AT | https://www.myhermes.de/empfangen/sendungsverfolgung/sendungsinformation#{number} | Hermes Germany, Hermes Logistik, Hermes Versand
austrian_post | Österreichische Post | AT | https://www.post.at/sv/sendungsdetails?snr={number} | Oesterreichische Post, Austrian Post, Post AT, Post.at
swiss_post | Swiss Post | CH | https://service.post.ch/ekp-web/ui/entry/search/{number} | Die Post, Schweizerische Post, La Poste Suisse, PostLogistics, Post CH
planzer | Planzer | CH | - | Planzer Paket
postnl | PostNL | NL | https://jouw.postnl.nl/track-and-trace/{number} | Post NL, TNT Post, PostNL International
bpost | bpost | BE | https://track.bpost.cloud/btr/web/#/search?itemCode={number}&lang=en | shopify:BPost, shopify:BPost International, Belgian Post, Bpack
la_poste | La Poste | FR | https://www.laposte.fr/outils/suivre-vos-envois?code={number} | Laposte, Lettre Suivie, La Poste France
colissimo | Colissimo | FR | https://www.laposte.fr/outils/suivre-vos-envois?code={number} | La Poste Colissimo
chronopost | Chronopost | FR | https://www.chronopost.fr/tracking-no-cms/suivi-page?listeNumerosLT={number} | Chrono
mondial_relay | Mondial Relay | FR BE ES | https://www.mondialrelay.fr/suivi-de-colis?numeroExpedition={number} | MondialRelay
colis_prive | Colis Privé | FR | - | Colisprive
relais_colis | Relais Colis | FR | - |
dpd_fr | DPD France | FR | https://trace.dpd.fr/en/trace/{number} | DPD FR
geodis | GEODIS | FR | - | Geodis Calberson
correos | Correos | ES | https://www.correos.es/es/es/herramientas/localizador/envios/detalle?tracking-number={number} | Correos España, Correos de España, Correos Spain
correos_express | Correos Express | ES | https://s.correosexpress.com/c?n={number} | Chronoexprés
seur | SEUR | ES | - |
mrw | MRW | ES | - |
nacex | Nacex | ES | - |
ctt | CTT | PT | - | CTT Correios, CTT Expresso, Correios de Portugal
ctt_express | CTT Express | ES | - | Tourline
poste_italiane | Poste Italiane | IT | https://www.poste.it/cerca/index.html#/risultati-spedizioni/{number} | Poste Italiane Crono, Italian Post
sda | SDA | IT | - | SDA Express Courier
brt | BRT | IT | https://vas.brt.it/vas/sped_det_show.hsm?referer=sped_numspe_par.htm&Nspediz={number} | Bartolini, BRT Bartolini, BRT Corriere Espresso
gls_italy | GLS Italy | IT | https://www.gls-italy.com/?option=com_gls&view=track_e_trace&mode=search&numero_spedizione={number}&tipo_codice=nazionale | GLS IT, GLS Italia
postnord | PostNord | SE DK NO FI | https://tracking.postnord.com/en/tracking?id={number} | Post Nord, Posten Sverige, shopify:PostNord SE, shopify:PostNord DK, shopify:PostNord NO
bring | Bring | NO SE DK | https://tracking.bring.com/tracking/{number} | !, Posten Norge, Posten Bring, Bring Servicepakke, Bring Parcels
posti | Posti | FI | https://www.posti.fi/en/tracking#/lahetys/{number} | Itella, Finland Post
matkahuolto | Matkahuolto | FI | - |
budbee | Budbee | SE DK FI NL | - |
instabox | Instabox | SE | - | Instabee
dao | dao | DK | https://www.dao.as/privat/find-din-pakke?stregkode={number} | DAO365
iceland_post | Iceland Post | IS | - | Pósturinn, Posturinn, Íslandspóstur
inpost | InPost | PL GB IT FR ES | https://inpost.pl/sledzenie-przesylek?number={number} | shopify:Inpost, Paczkomaty, InPost Paczkomaty
poczta_polska | Poczta Polska | PL | https://emonitoring.poczta-polska.pl/?numer={number} | Polish Post, Pocztex
dpd_pl | DPD Polska | PL | https://tracktrace.dpd.com.pl/parcelDetails?p1={number} | DPD PL, DPD Poland
packeta | Packeta | CZ SK HU PL RO | https://tracking.packeta.com/en/?id={number} | shopify:Zásilkovna, Zasilkovna
ceska_posta | Česká pošta | CZ | https://www.postaonline.cz/trackandtrace/-/zasilka/cislo?parcelNumbers={number} | Ceska posta, Czech Post, Balíkovna
ppl | PPL | CZ | https://www.ppl.cz/vyhledat-zasilku?shipmentId={number} | PPL CZ
slovenska_posta | Slovenská pošta | SK | https://tandt.posta.sk/en/items/{number} | Slovak Post
magyar_posta | Magyar Posta | HU | https://www.posta.hu/nyomkovetes/nyitooldal?searchvalue={number} | Hungarian Post, MPL
fan_courier | FAN Courier | RO | - | FanCourier
sameday | Sameday | RO HU BG | https://sameday.ro/#awb={number} | Sameday Courier
cargus | Cargus | RO | - | Urgent Cargus
econt | Econt | BG | https://www.econt.com/services/track-shipment/{number} | Econt Express
speedy | Speedy | BG | https://www.speedy.bg/en/track-shipment?shipmentNumber={number} | !, Speedy BG, Speedy AD
omniva | Omniva | EE LV LT | - | Eesti Post
venipak | Venipak | LT LV EE | - |
lietuvos_pastas | Lietuvos paštas | LT | - | LP Express, Lithuania Post
latvijas_pasts | Latvijas Pasts | LV | https://track.pasts.lv/consignment/tracking?type=pasts&id={number} | shopify:Latvia Post
acs_courier | ACS Courier | GR CY | - | ACS
elta | ELTA | GR | - | ELTA Courier, ELTA Hellenic Post, Hellenic Post
cyprus_post | Cyprus Post | CY | - |
nova_poshta | Nova Poshta | UA | - | Nova Post, Novaposhta
ukrposhta | Ukrposhta | UA | https://track.ukrposhta.ua/tracking_EN.html?barcode={number} | Ukraine Post
russian_post | Russian Post | RU | https://www.pochta.ru/tracking?barcode={number} | Pochta Rossii
cdek | CDEK | RU KZ | https://www.cdek.ru/en/tracking?order_id={number} | SDEK
ptt | PTT | TR | https://gonderitakip.ptt.gov.tr/Track/Verify?q={number} | PTT Kargo, Turkish Post
yurtici_kargo | Yurtiçi Kargo | TR | https://www.yurticikargo.com/en/online-services/query-shipment?code={number} | Yurtici
aras_kargo | Aras Kargo | TR | - | Aras
surat_kargo | Sürat Kargo | TR | - |
israel_post | Israel Post | IL | https://mypost.israelpost.co.il/itemtrace?itemcode={number} | Doar Israel
emirates_post | Emirates Post | AE | - | EPG
saudi_post | Saudi Post | SA | - | SPL
smsa | SMSA Express | SA AE | https://www.smsaexpress.com/trackingdetails?tracknumbers={number} | SMSA
naqel | NAQEL Express | SA AE | - | Naqel
the_courier_guy | The Courier Guy | ZA | https://portal.thecourierguy.co.za/track?ref={number} | Courier Guy, TCG
south_african_post | South African Post Office | ZA | - | SAPO, South African Post
australia_post | Australia Post | AU | https://auspost.com.au/mypost/track/details/{number} | AusPost, Aus Post, eParcel
startrack | StarTrack | AU | https://startrack.com.au/track/details/{number} | Star Track, StarTrack Express
toll | Toll | AU | - | !, Toll IPEC, Toll Priority, Toll Group, Toll Global Express, Team Global Express, TGE
sendle | Sendle | AU US CA | https://track.sendle.com/tracking?ref={number} |
aramex_au | Aramex Australia | AU | https://www.aramex.com.au/tools/track?l={number} | Fastway, Fastway Australia, Fastway Couriers, Aramex AU
couriers_please | CouriersPlease | AU | - | shopify:Couriers Please
allied_express | Allied Express | AU | - |
hunter_express | Hunter Express | AU | - |
direct_couriers | Direct Couriers | AU | - |
nz_post | NZ Post | NZ | https://www.nzpost.co.nz/tools/tracking?trackid={number} | shopify:New Zealand Post
courier_post | CourierPost | NZ | https://trackandtrace.courierpost.co.nz/Search/{number} | Courier Post
nz_couriers | New Zealand Couriers | NZ | - | NZ Couriers, NZC
japan_post | Japan Post | JP | https://trackings.post.japanpost.jp/services/srv/search/direct?reqCodeNo1={number}&locale=en | 日本郵便, ゆうパック, Yu-Pack, shopify:Japan Post (EN), shopify:Japan Post (JA)
yamato | Yamato | JP | https://jizen.kuronekoyamato.co.jp/jizen/servlet/crjz.b.NQ0010?id={number} | ヤマト運輸, Yamato Transport, Kuroneko Yamato, Kuroneko, shopify:Yamato (EN), shopify:Yamato (JA)
sagawa | Sagawa | JP | https://k2k.sagawa-exp.co.jp/p/web/okurijosearch.do?okurijoNo={number} | 佐川急便, Sagawa Express, shopify:Sagawa (EN), shopify:Sagawa (JA)
seino | Seino | JP | - | 西濃運輸, Seino Transportation
fukuyama | Fukuyama | JP | - | 福山通運, Fukuyama Transporting
nippon_express | Nippon Express | JP | - | 日本通運, Nittsu
korea_post | Korea Post | KR | https://service.epost.go.kr/trace.RetrieveDomRigiTraceList.comm?sid1={number}&displayHeader=N | 우체국택배
cj_logistics | CJ Logistics | KR | https://trace.cjlogistics.com/next/tracking.html?wblNo={number} | CJ대한통운, CJ Korea Express
hongkong_post | Hongkong Post | HK | - | Hong Kong Post
chunghwa_post | Chunghwa Post | TW | - | Taiwan Post
china_post | China Post | CN | - | 中国邮政, China Post Registered Air Mail, ePacket
china_ems | China EMS | CN | - | China Post EMS, EMS China
sf_express | SF Express | CN HK | https://www.sf-express.com/us/en/dynamic_function/waybill/#search/bill-number/{number} | 顺丰速运, SF, SF International, Shunfeng
cainiao | Cainiao | CN | https://global.cainiao.com/newDetail.htm?mailNoList={number} | 菜鸟, AliExpress Standard Shipping
yanwen | Yanwen | CN | https://track.yw56.com.cn/en/querydel?nums={number} | Yanwen Express, 燕文物流
yunexpress | YunExpress | CN | https://www.yuntrack.com/parcelTracking?id={number} | Yun Express, Yuntu, 云途物流
4px | 4PX | CN | https://track.4px.com/#/result/0/{number} | 4PX Express, Four PX
wanb | WanbExpress | CN | https://tracking.wanbexpress.com/?trackingNumbers={number} | Wanb, Wanb Express
jd_logistics | JD Logistics | CN | - | JD Express, 京东物流
zto | ZTO Express | CN | - | ZTO, 中通快递
yto | YTO Express | CN | - | YTO, 圆通速递
sto | STO Express | CN | - | STO, 申通快递
best_express | BEST Express | CN TH MY | - | Best Inc
sunyou | SunYou | CN | - | Sun You
winit | Winit | CN | - |
chukou1 | Chukou1 | CN | - | CK1
singapore_post | Singapore Post | SG | - | SingPost, SpeedPost Singapore
ninja_van | Ninja Van | SG MY ID TH PH VN | https://www.ninjavan.co/en-sg/tracking?id={number} | shopify:NinjaVan
qxpress | Qxpress | SG JP KR | - |
jt_express | J&T Express | ID MY PH TH VN SG | - | J&T, JT Express, JNT, JNT Express, J and T Express
jne | JNE | ID | - | JNE Express, Jalur Nugraha Ekakurir
sicepat | SiCepat | ID | - | SiCepat Ekspres
anteraja | AnterAja | ID | - |
pos_indonesia | Pos Indonesia | ID | - |
pos_malaysia | Pos Malaysia | MY | https://tracking.pos.com.my/tracking/{number} | Pos Laju, Poslaju
city_link | City-Link Express | MY | - | City-Link
gdex | GDEX | MY | - | GD Express
lbc | LBC Express | PH | - | LBC
philpost | PHLPost | PH | - | Philippine Post
flash_express | Flash Express | TH MY PH | - |
kerry_express | Kerry Express | TH HK | - | Kerry, KEX, KEX Express
thailand_post | Thailand Post | TH | https://track.thailandpost.co.th/?trackNumber={number} |
vietnam_post | Vietnam Post | VN | - | VNPost
ghn | GHN | VN | https://donhang.ghn.vn/?order_code={number} | Giao Hàng Nhanh
viettel_post | Viettel Post | VN | - |
shopee_express | Shopee Express | SG MY TH ID PH VN | - | SPX, SPX Express, Shopee Xpress
india_post | India Post | IN | - | Speed Post, Speedpost
delhivery | Delhivery | IN | https://www.delhivery.com/track/package/{number} |
blue_dart | Blue Dart | IN | https://www.bluedart.com/trackdartresult?trackFor=0&trackNo={number} | shopify:Bluedart, Blue Dart Express
dtdc | DTDC | IN | - | DTDC Courier, DTDC Express
ekart | Ekart | IN | https://ekartlogistics.com/shipmenttrack/{number} | Ekart Logistics
xpressbees | XpressBees | IN | https://www.xpressbees.com/shipment/tracking?awbNo={number} | Xpress Bees
ecom_express | Ecom Express | IN | https://ecomexpress.in/tracking/?awb_field={number} |
shadowfax | Shadowfax | IN | - |
gati | Gati KWE | IN | - | Gati
professional_couriers | Professional Couriers | IN | - | The Professional Couriers, TPC
trackon | Trackon | IN | - | Trackon Couriers
`;
