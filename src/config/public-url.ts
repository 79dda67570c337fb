/** Whether a text is a URL to which paths can be appended, as certificates contain it (RFC 5280 §4.2.1.6). */
export function isPublicUrl(text: string): boolean {
  if (!URL.canParse(text) || !/^https?:\/\/[\x21-\x7e]+$/.test(text)) return false;
  const { username, password, search, hash, href } = new URL(text);
  const isPlain = [username, password, search, hash].every((part) => part === '');
  return isPlain && !/[?#]$/.test(text) && !text.endsWith('/') && [text, `${text}/`].includes(href);
}
