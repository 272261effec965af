/** Mail providers' domains say nothing about which company a person belongs to. */
export const SHARED_DOMAINS: ReadonlySet<string> = new Set(
  `gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com yahoo.co.uk icloud.com me.com aol.com gmx.de gmx.net gmx.at web.de
   t-online.de freenet.de proton.me protonmail.com mail.ru yandex.ru qq.com 163.com orange.fr free.fr laposte.net libero.it`.split(
    /\s+/,
  ),
);
